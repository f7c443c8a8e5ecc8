/** Decides whether a flow's reuse provably landed in the window, for any trigger. */
import type { CohortEvent } from '../history/event.ts'
import type { Trigger } from '../schedule/schedule.ts'
import { windowTable } from '../windows.ts'
import type { Ns } from '../units.ts'
import { heldFrom, heldPreconditions } from './exposure-held.ts'
import { loggedPreconditions } from './exposure-logged.ts'
import { observedPreconditions } from './exposure-observed.ts'
import { seesNode, type Precondition } from './preconditions.ts'
import type { AttemptTimeline } from './timeline.ts'

/** The settings of a cohort that decide how its attempts are judged. */
export type Judged = Pick<CohortEvent, 'window' | 'trigger' | 'asksConntrack' | 'hasGenerations'>

function preconditionsOf(trigger: Trigger, timeline: AttemptTimeline): readonly Precondition[] {
  switch (trigger) {
    case 'exact':
      return heldPreconditions
    case 'observed':
      return observedPreconditions
    case 'predicted':
      return seesNode(timeline) ? observedPreconditions : loggedPreconditions
  }
}

/** @returns undefined if the flow is an exposure, otherwise the reason of the first precondition that does not hold */
export const notExposed = (timeline: AttemptTimeline, flow: number, { window, trigger }: Judged): string | undefined =>
  preconditionsOf(trigger, timeline).find(({ holds }) => !holds(timeline, flow, window))?.reason

/** Returns the time from which a reuse of this flow lands in the window. */
export function windowFrom(timeline: AttemptTimeline, flow: number, { window, trigger }: Judged): Ns | undefined {
  return trigger === 'exact' ? heldFrom(timeline, flow, window) : windowTable[window].openedUnheld(timeline, flow)
}
