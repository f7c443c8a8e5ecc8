/**
 * When an agent that nobody holds is provably exposed (a probe sees it; trigger `observed` or `predicted`). Two things prove it:
 *
 * - The agent deleted the entry after the reuse had begun, and at the end of the pass the kernel has the flow and the map has not. Any
 *   packet of the flow after the delete would have put the entry back, so the delete came last, and the agent's look had missed the flow.
 * - After its dump, and after the reuse, the agent looked at the entry again: only what its dump has missed does it look at twice.
 *
 * Nobody chooses the window: it is the latest that had opened when the flow was reused.
 */
import { windowTable, windows, type Window } from '../windows.ts'
import { has, idlePreconditions, replyPrecondition, type Precondition } from './preconditions.ts'
import type { AttemptTimeline } from './timeline.ts'

const wasDeleted = ({ reused, deletes, afterPass }: AttemptTimeline, flow: number): boolean =>
  (deletes.get(flow)?.at ?? 0) > (reused.get(flow)?.began ?? Infinity) &&
  has(afterPass?.kernel.present, flow) &&
  has(afterPass?.map.absent, flow)

/** The walk of the next hydrate is no second look, nor is what came before the dump had ended. */
const wasKept = ({ reused, looks, snapshot, passEnd }: AttemptTimeline, flow: number): boolean => {
  const since = Math.max(reused.get(flow)?.at ?? Infinity, snapshot?.at ?? Infinity)
  return looks.some((look) => look.flow === flow && look.at > since && look.at <= (passEnd ?? 0))
}

/** The window in which the reuse of a deleted entry landed: the latest that had opened by then. */
export function reusedIn(timeline: AttemptTimeline, flow: number): Window {
  const reused = timeline.reused.get(flow)?.at ?? 0
  const opened = windows.filter((window) => (windowTable[window].openedUnheld(timeline, flow) ?? Infinity) <= reused)
  return opened.at(-1) ?? 'after-snapshot'
}

/** The reason of a flow that says nothing about the window that is judged, whatever became of it. */
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
