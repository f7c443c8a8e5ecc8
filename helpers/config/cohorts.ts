/** Plans the cohorts that a configuration asks for. */
import type { z } from 'zod'
import { referenceAgent, referenceAgents } from '../agents/reference.ts'
import type { Stamp } from '../model/state.ts'
import { lastWindow, raceSchedule, scheduleText, type Schedule } from '../schedule/schedule.ts'
import { cleanAttempts, type SequentialPlan } from '../statistics/sequential.ts'
import { agentName, type AgentSpec } from './agent-spec.ts'
import { settingsIn, type CohortSettings } from './cohort-settings.ts'
import { configSchema, type Config } from './schema.ts'

/** How the datapath of a lab differs from the usual one, for a spec that needs this. */
export interface DatapathVariant {
  /** Maximum number of map entries. A full map evicts entries (the agent's flag allows 32K to 1024K). */
  readonly tableSize?: number
  /** The server is also a protected pod on the same node, so that each flow has one map entry per pod. Only our own datapath can do this. */
  readonly sameNode?: boolean
  /** The client connects to the address of a service, which the node translates to the server's address. */
  readonly service?: boolean
  /** The mode of the real agent, which the CNI also tells it when it announces the pod. Without it, the mode is `standard` and the pod is not announced. */
  readonly policyMode?: 'standard' | 'strict'
  /** No policy selects the client. Only the real agent, with `policyMode`. */
  readonly withoutPolicy?: boolean
}

export interface CohortPlan extends CohortSettings {
  /** Unique in the run, and readable. */
  readonly id: string
  readonly role: 'subject' | 'control'
  /** The control of a cluster runs in the lab on this machine, so that no node of the cluster runs a second agent. */
  readonly on: 'lab' | 'cluster'
  readonly agent: AgentSpec
  /** The steps of an attempt. */
  readonly schedule: Schedule
  /** `race`: attempts use the window's own schedule, and their exposures are proven. `schedule`: they use any other schedule. */
  readonly purpose: 'race' | 'schedule'
  readonly stamp: Stamp
  /** The lab's datapath asks the kernel's conntrack before it drops a reply. */
  readonly asksConntrack?: true
  /** The lab's map has entries of two generations. */
  readonly hasGenerations?: true
  readonly datapath?: DatapathVariant
  readonly sequential: SequentialPlan | undefined
  /** The spec compares the attempts itself. */
  readonly comparedBySpec?: true
}

/** Marks a cohort whose spec compares the attempts itself, for example with the model: it plans no attempts, and the judge asks for none. */
export const comparedBySpec = { iterations: 0, comparedBySpec: true } as const

/** Returns what the datapath of a reference agent does in addition. */
function datapathOf(agent: AgentSpec): Pick<CohortPlan, 'asksConntrack' | 'hasGenerations'> {
  if (agent.kind !== 'reference') return {}
  const { asksConntrack, hasGenerations } = referenceAgent(agent.algorithm)
  return { ...(asksConntrack && { asksConntrack }), ...(hasGenerations && { hasGenerations }) }
}

function stampFor(agent: AgentSpec, { map_layout: layout }: Config): Stamp {
  if (agent.kind === 'reference') return referenceAgents[agent.algorithm].stamp
  return layout === '24/16' ? 'last-seen' : 'none'
}

/** The positive control: the cleanup that was released for the longest time. It loses every flow that is reused after its snapshot. */
const knownBad: AgentSpec = { kind: 'reference', algorithm: 'alternating' }
/** The released fix: the subject if the user does not name an agent. */
const knownGood: AgentSpec = { kind: 'reference', algorithm: 'last-seen' }

/** The subject if the target is a cluster. */
const clusterAgent: AgentSpec = { kind: 'cluster' }

/** A sequential test makes at most this many times the attempts of a clean one. This is enough to make up for one late contrary attempt. */
const maximumFactor = 3

function sequentially(
  plan: CohortPlan,
  { sprt_p0: p0, sprt_p1: p1, sprt_alpha: alpha, sprt_beta: beta }: Config,
): CohortPlan {
  const sequential = { p0, p1, alpha, beta }
  return { ...plan, sequential, iterations: Math.max(plan.iterations, maximumFactor * cleanAttempts(sequential)) }
}

/** Plans one cohort for a spec: the subject of these settings. @param id unique in the run, and readable */
export function cohortOf(id: string, settings: z.input<typeof configSchema>): CohortPlan {
  const subject = cohortsOf(configSchema.parse(settings)).find(({ role }) => role === 'subject')
  if (!subject) throw new Error('bug: the configuration has no subject')
  return { ...subject, id }
}

/** A schedule with the same steps as the race counts as the race, even if the user wrote it. */
const purposeOf = (race: Schedule, own: Schedule = race): Pick<CohortPlan, 'schedule' | 'purpose'> => ({
  schedule: own,
  purpose: scheduleText(own) === scheduleText(race) ? 'race' : 'schedule',
})

/** Plans the control first: if it does not show the race, the other results mean little. */
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
      ...datapathOf(agent),
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
    config.agent ?? (target === 'lab' ? knownGood : clusterAgent),
    {
      window: lastWindow(config.schedule) ?? settings.window,
      passes: target === 'lab' ? settings.passes : 'own',
    },
    config.schedule,
  )
  return [control, config.mode === 'sprt' ? sequentially(subject, config) : subject]
}
