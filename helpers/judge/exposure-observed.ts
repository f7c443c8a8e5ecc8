/**
 * Decides whether a flow is provably an exposure if a probe sees the agent and does not hold it (trigger `observed` or `predicted`). One of
 * two things is a proof:
 *
 * - The agent deleted the entry after the reuse had begun, and at the end of the pass the kernel has the flow and the map does not. Any packet
 *   of the flow after the delete would have restored the entry, so the delete came last, and the agent's look missed the flow.
 * - The agent looked at the entry again after its dump and after the reuse. It looks twice only at entries whose flow its dump missed.
 *
 * The run does not choose the window: the reuse counts for the last window that had opened before it.
 */
import { windowTable, windows, type Window } from '../windows.ts'
import { has, idlePreconditions, replyPrecondition, type Precondition } from './preconditions.ts'
import type { AttemptTimeline } from './timeline.ts'

const wasDeleted = ({ reused, deletes, afterPass }: AttemptTimeline, flow: number): boolean =>
  (deletes.get(flow)?.at ?? 0) > (reused.get(flow)?.began ?? Infinity) &&
  has(afterPass?.kernel.present, flow) &&
  has(afterPass?.map.absent, flow)

/** A second look is one after the dump and before the end of the pass: the walk of the next hydrate does not count. */
const wasKept = ({ reused, looks, snapshot, passEnd }: AttemptTimeline, flow: number): boolean => {
  const since = Math.max(reused.get(flow)?.at ?? Infinity, snapshot?.at ?? Infinity)
  return looks.some((look) => look.flow === flow && look.at > since && look.at <= (passEnd ?? 0))
}

/** Returns the window in which the reuse of a deleted entry landed: the last window that had opened by then. */
export function reusedIn(timeline: AttemptTimeline, flow: number): Window {
  const reused = timeline.reused.get(flow)?.at ?? 0
  const opened = windows.filter((window) => (windowTable[window].openedUnheld(timeline, flow) ?? Infinity) <= reused)
  return opened.at(-1) ?? 'after-snapshot'
}

/** The reason why a flow shows nothing about the window under test, whether it was lost or not. */
export const otherWindow = 'the reuse landed in another window of the agent'

export const observedPreconditions: readonly Precondition[] = [
  ...idlePreconditions,
  {
    reason: otherWindow,
    holds: (timeline, flow, window) => !wasDeleted(timeline, flow) || reusedIn(timeline, flow) === window,
  },
  {
    reason: 'the reuse did not hit the window: the agent was not about to delete the flow’s entry',
    holds: (timeline, flow, window) =>
      wasDeleted(timeline, flow) || (windowTable[window].hasLaterLook && wasKept(timeline, flow)),
  },
  {
    reason: 'the end of the pass was not seen',
    holds: ({ passEnd, reused }, flow) => (passEnd ?? 0) >= (reused.get(flow)?.at ?? Infinity),
  },
  replyPrecondition,
]
