/** Defines how much of a cluster a run may read and change. This decides how the run can trigger the race. */
import { allCapabilities, type Capabilities } from '../schedule/enforceable.ts'
import type { Trigger } from '../schedule/schedule.ts'
import type { Config } from './schema.ts'
import type { TargetName } from './targets.ts'
import type { z } from 'zod'
import { windowTable, type Window } from '../windows.ts'

/** From the least access to the most. */
export const accessLevels = ['workload', 'node-reading', 'node-changing'] as const
export type AccessLevel = (typeof accessLevels)[number]

export interface Access {
  readonly level: AccessLevel
  /** Why the level is not higher. Undefined for the highest level. */
  readonly whyNotMore: string | undefined
}

/** Describes a level, and why it is not the next one. */
export function accessText({
  level,
  whyNotMore,
}: {
  readonly level: AccessLevel
  readonly whyNotMore?: string | undefined
}): string {
  const next = accessLevels[accessLevels.indexOf(level) + 1]
  return `access: ${level}${whyNotMore === undefined || next === undefined ? '' : `; not ${next}, because ${whyNotMore}`}`
}

/** The strongest trigger that each level allows. */
export const triggerOf = {
  workload: 'predicted',
  'node-reading': 'observed',
  'node-changing': 'exact',
} as const satisfies Record<AccessLevel, Trigger>

/** Completes a configuration with the strongest trigger that the access allows, and with the way of expiry that this trigger has. */
export function withTrigger(config: Config, { level }: Access): Config & { readonly trigger: Trigger } {
  const { trigger = triggerOf[level] } = config
  return { ...config, trigger, expiry: trigger === 'exact' ? config.expiry : 'natural' }
}

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

/** An agent that is not held shows nothing when some windows open. */
export function checkWindow(
  { window, trigger = 'exact' }: { readonly window: Window; readonly trigger?: Trigger | undefined },
  context: z.RefinementCtx,
): void {
  if (trigger === 'exact' || windowTable[window].isSeenUnheld) return
  const message = 'needs trigger exact: nothing shows when an agent that is not held is about to delete'
  context.addIssue({ code: 'custom', path: ['window'], message, input: window })
}
