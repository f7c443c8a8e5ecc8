/** Which cohorts a configuration asks for. */
import type { z } from 'zod'
import { referenceAgents } from '../agents/reference.ts'
import type { Stamp } from '../model/state.ts'
import { lastWindow, raceSchedule, scheduleText, type Schedule } from '../schedule/schedule.ts'
import { cleanAttempts, type SequentialPlan } from '../statistics/sequential.ts'
import { agentName, type AgentSpec } from './agent-spec.ts'
import { settingsIn, type CohortSettings } from './cohort-settings.ts'
import { configSchema, type Config } from './schema.ts'

/** What a spec wants of a lab's datapath that is not usual. */
export interface DatapathVariant {
  /** Entries that the map has room for; beyond them it evicts (npa, *Flags*: 32K to 1024K). */
  readonly tableSize?: number
  /** The server is a protected pod of the same node, so that each flow has an entry of either pod. Our datapath only. */
  readonly sameNode?: boolean
  /** The client asks for a service's address, which the node translates to the server's. */
  readonly service?: boolean
}

export interface CohortPlan extends CohortSettings {
  /** Unique in the run, and readable. */
  readonly id: string
  readonly role: 'subject' | 'control'
  /** The control of a cluster is run in the lab of this machine: nobody's node gets a second cleanup. */
  readonly on: 'lab' | 'cluster'
  readonly agent: AgentSpec
  /** What an attempt goes through. */
  readonly schedule: Schedule
  /** `race`: by the window's own schedule; its exposures are proven. `schedule`: by any other. */
  readonly purpose: 'race' | 'schedule'
  readonly stamp: Stamp
  readonly datapath?: DatapathVariant
  readonly sequential: SequentialPlan | undefined
  /** The spec compares the attempts itself. */
  readonly comparedBySpec?: true
}

/** Marks a cohort whose spec compares the attempts itself, for example with the model: it plans no attempts, and the judge asks for none. */
export const comparedBySpec = { iterations: 0, comparedBySpec: true } as const

function stampFor(agent: AgentSpec, { map_layout: layout }: Config): Stamp {
  if (agent.kind === 'reference') return referenceAgents[agent.algorithm].stamp
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
  const settings = settingsIn(config)
  const { target } = config
  const plan = (
    role: CohortPlan['role'],
    agent: AgentSpec,
    changes: Partial<CohortSettings>,
    schedule?: Schedule,
  ): CohortPlan => {
    const { window, idlePasses, trigger, ...rest } = { ...settings, ...changes }
    return {
      id: `${role} ${agentName(agent)} ${window}`,
      role,
      on: role === 'control' || target === 'lab' ? 'lab' : 'cluster',
      agent,
      stamp: stampFor(agent, config),
      sequential: undefined,
      window,
      idlePasses,
      trigger,
      ...rest,
      ...purposeOf(raceSchedule(window, idlePasses, trigger), schedule),
    }
  }
  const control = plan('control', knownBad, {
    window: 'after-snapshot',
    trigger: 'exact',
    idlePasses: 0,
    expect: 'lost',
    passes: 'demand',
    parallel: 1,
    ...(target !== 'lab' && { expiry: 'forced' }),
  })
  const subject = plan(
    'subject',
    config.agent ?? (target === 'lab' ? knownGood : ofTheCluster),
    {
      window: lastWindow(config.schedule) ?? settings.window,
      passes: target === 'lab' ? settings.passes : 'own',
    },
    config.schedule,
  )
  return [control, config.mode === 'sprt' ? sequentially(subject, config) : subject]
}
