/** How far a run may reach into a cluster, and so how it can trigger the race (design, *Levels of access*). */
import { allCapabilities, type Capabilities } from '../schedule/enforceable.ts'
import type { Trigger } from '../schedule/schedule.ts'
import type { TargetName } from './targets.ts'
import type { z } from 'zod'
import { windowTable, type Window } from '../windows.ts'

/** From the least. */
export const accessLevels = ['workload', 'node-reading', 'node-changing'] as const
export type AccessLevel = (typeof accessLevels)[number]

export interface Access {
  readonly level: AccessLevel
  /** Why it is not a higher one; undefined for the highest. */
  readonly whyNotMore: string | undefined
}

/** The strongest trigger that each level allows. */
export const triggerOf = {
  workload: 'predicted',
  'node-reading': 'observed',
  'node-changing': 'exact',
} as const satisfies Record<AccessLevel, Trigger>

/** What the testbeds of a target offer. @param level of access to a cluster; default: the highest, as before the cluster is asked */
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
