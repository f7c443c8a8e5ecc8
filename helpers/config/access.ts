/** Defines how much of a cluster a run may read and change. This decides how the run can trigger the race (design, *Levels of access*). */
import { allCapabilities, type Capabilities } from '../schedule/enforceable.ts'
import type { Trigger } from '../schedule/schedule.ts'
import type { TargetName } from './targets.ts'

/** From the least access to the most. */
export const accessLevels = ['workload', 'node-reading', 'node-changing'] as const
export type AccessLevel = (typeof accessLevels)[number]

export interface Access {
  readonly level: AccessLevel
  /** Why the level is not higher. Undefined for the highest level. */
  readonly whyNotMore: string | undefined
}

/** The strongest trigger that each level allows. */
export const triggerOf = {
  workload: 'predicted',
  'node-reading': 'observed',
  'node-changing': 'exact',
} as const satisfies Record<AccessLevel, Trigger>

/**
 * Lists what the testbeds of a target can do.
 *
 * @param level level of access to the cluster. Default: the highest, because the cluster has not been asked yet
 */
export const capabilitiesOf = (target: TargetName, level: AccessLevel = 'node-changing'): Capabilities =>
  target === 'lab'
    ? allCapabilities
    : {
        restartAgent: false,
        holdReplies: false,
        readNode: level !== 'workload',
        changeNode: level === 'node-changing',
      }
