/** Which cohorts a configuration asks for. */
import type { z } from 'zod'
import type { FlowKind, IpFamily } from '../flow.ts'
import { lastWindow, raceSchedule, scheduleText, type Schedule, type Trigger } from '../schedule/schedule.ts'
import type { Window } from '../windows.ts'
import { cleanAttempts, type SequentialPlan } from '../statistics/sequential.ts'
import type { Seconds } from '../units.ts'
import { agentName, type AgentSpec, type ReferenceAlgorithm } from './agent-spec.ts'
import { configSchema, type Config } from './schema.ts'

/** When the datapath stamps the entries that it keeps. */
export type Stamp = 'none' | 'added-at' | 'last-seen'

/** What a spec wants of a lab's datapath that is not usual. */
export interface DatapathVariant {
  /** Entries that the map has room for; beyond them it evicts (npa, *Flags*: 32K to 1024K). */
  readonly tableSize?: number
  /** The server is a protected pod of the same node, so that each flow has an entry of either pod. Our datapath only. */
  readonly sameNode?: boolean
  /** The client asks for a service's address, which the node translates to the server's. */
  readonly service?: boolean
}

export interface CohortPlan {
  /** Unique in the run, and readable. */
  readonly id: string
  readonly role: 'subject' | 'control'
  /** The control of a cluster is run in the lab of this machine: nobody's node gets a second cleanup. */
  readonly on: 'lab' | 'cluster'
  readonly agent: AgentSpec
  readonly window: Window
  readonly trigger: Trigger
  readonly flow: FlowKind
  readonly ip: IpFamily
  readonly idlePasses: number
  /** What an attempt goes through. */
  readonly schedule: Schedule
  /** `race`: by the window's own schedule; its exposures are proven. `schedule`: by any other. */
  readonly purpose: 'race' | 'schedule'
  readonly expect: Config['expect']
  readonly expiry: Config['expiry']
  readonly passes: Config['passes']
  readonly stamp: Stamp
  readonly datapath?: DatapathVariant
  /** Attempts; in a sequential test the most. */
  readonly iterations: number
  readonly sequential: SequentialPlan | undefined
  readonly connections: number
  /** Attempts at a time, each on a testbed of its own. */
  readonly parallel: number
  /** Given to the kernel where expiry is natural. */
  readonly kernelTimeout: Seconds
  /** From one compare pass to the next, of an agent on its own timer. */
  readonly cleanupPeriod: Seconds
  /** For the real agent: `module=version`. */
  readonly goReplace: readonly string[]
  /** A held agent is let go after this at the latest. */
  readonly holdLimit: Seconds
}

/** What each reference cleanup needs of its datapath; the others came before stamps, or look at none. */
const stamps: Partial<Record<ReferenceAlgorithm, Stamp>> = {
  'timestamp-guard': 'added-at',
  'timestamp-guard-corrected': 'added-at',
  'last-seen': 'last-seen',
}

export const stampOf = (algorithm: ReferenceAlgorithm): Stamp => stamps[algorithm] ?? 'none'

function stampFor(agent: AgentSpec, { map_layout: layout }: Config): Stamp {
  if (agent.kind === 'reference') return stampOf(agent.algorithm)
  return layout === '24/16' ? 'last-seen' : 'none'
}

/** The cleanup that was released longest, and loses every flow that is reused after its snapshot: the positive control. */
const knownBad: AgentSpec = { kind: 'reference', algorithm: 'alternating' }
/** The released fix: judged when the user names nobody. */
const knownGood: AgentSpec = { kind: 'reference', algorithm: 'last-seen' }

/** Judged where a cluster is the target. */
const ofTheCluster: AgentSpec = { kind: 'cluster' }

/** A sequential test goes on for at most this many times the attempts of a clean one: one contrary attempt late in it is made up for in that. */
const patience = 3

function sequentially(
  plan: CohortPlan,
  { sprt_p0: p0, sprt_p1: p1, sprt_alpha: alpha, sprt_beta: beta }: Config,
): CohortPlan {
  const sequential = { p0, p1, alpha, beta }
  return { ...plan, sequential, iterations: Math.max(plan.iterations, patience * cleanAttempts(sequential)) }
}

/** One cohort for a spec of its own: the subject of these settings. @param id unique in the run, and readable */
export function cohortOf(id: string, settings: z.input<typeof configSchema>): CohortPlan {
  const subject = cohortsOf(configSchema.parse(settings)).find(({ role }) => role === 'subject')
  if (!subject) throw new Error('every configuration has a subject')
  return { ...subject, id }
}

/** A schedule that is the race's own, step by step, is the race, whoever wrote it down. */
const purposeOf = (race: Schedule, own: Schedule = race): Pick<CohortPlan, 'schedule' | 'purpose'> => ({
  schedule: own,
  purpose: scheduleText(own) === scheduleText(race) ? 'race' : 'schedule',
})

/** Control first: where it does not show the race, nothing else means much. */
export function cohortsOf(config: Config): readonly CohortPlan[] {
  const {
    target,
    window,
    trigger = 'exact',
    flow,
    ip,
    idle_passes: idlePasses,
    expect,
    expiry,
    passes,
    iterations,
    connections_per_wave: connections,
    kernel_timeout: kernelTimeout,
    cleanup_period: cleanupPeriod,
    go_replace: goReplace,
    hold_limit: holdLimit,
    parallel,
  } = config
  const plan = (
    role: CohortPlan['role'],
    agent: AgentSpec,
    rest: Pick<CohortPlan, 'window' | 'trigger' | 'idlePasses' | 'expect' | 'passes'>,
    schedule?: Schedule,
  ): CohortPlan => ({
    id: `${role} ${agentName(agent)} ${rest.window}`,
    role,
    on: role === 'control' || target === 'lab' ? 'lab' : 'cluster',
    agent,
    flow,
    ip,
    expiry: role === 'control' && target !== 'lab' ? 'forced' : expiry,
    stamp: stampFor(agent, config),
    iterations,
    sequential: undefined,
    connections,
    parallel: role === 'control' ? 1 : parallel,
    kernelTimeout,
    cleanupPeriod,
    goReplace,
    holdLimit,
    ...purposeOf(raceSchedule(rest.window, rest.idlePasses, rest.trigger), schedule),
    ...rest,
  })
  const control = plan('control', knownBad, {
    window: 'after-snapshot',
    trigger: 'exact',
    idlePasses: 0,
    expect: 'lost',
    passes: 'demand',
  })
  const subject = plan(
    'subject',
    config.agent ?? (target === 'lab' ? knownGood : ofTheCluster),
    {
      window: lastWindow(config.schedule) ?? window,
      trigger,
      idlePasses,
      expect,
      passes: target === 'lab' ? passes : 'own',
    },
    config.schedule,
  )
  return [control, config.mode === 'sprt' ? sequentially(subject, config) : subject]
}
