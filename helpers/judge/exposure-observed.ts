/**
 * When an agent that nobody holds is provably exposed (a probe sees it; trigger `observed` or `predicted`). Two things prove it:
 *
 * - The agent deleted the entry after the reuse had begun, and at the end of the pass the kernel has the flow and the map has not. Any
 *   packet of the flow after the delete would have put the entry back, so the delete came last, and the agent's look had missed the flow.
 * - After its dump, and after the reuse, the agent looked at the entry again: only what its dump has missed does it look at twice.
 *
 * Nobody chooses the window: a delete that the reuse came before, and a second look that it did not come before, is of the window after
 * that look.
 */
import type { Window } from '../schedule/schedule.ts'
import type { Ns } from '../units.ts'
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

/** When the agent last looked at an entry between its dump and its delete; undefined where it did not. */
export function secondLook({ deletes, looks, snapshot }: AttemptTimeline, flow: number): Ns | undefined {
  const from = snapshot?.at ?? Infinity
  const to = deletes.get(flow)?.at ?? 0
  return looks.findLast((look) => look.flow === flow && look.at > from && look.at < to)?.at
}

/** In which window the reuse of a deleted entry landed. */
const windowOf = (timeline: AttemptTimeline, flow: number): Window =>
  (secondLook(timeline, flow) ?? Infinity) <= (timeline.reused.get(flow)?.at ?? 0) ? 'after-reread' : 'after-snapshot'

/** The reason of a flow that says nothing about the window that is judged, whatever became of it. */
export const otherWindow = 'the reuse landed in the other window of the agent'

export const observedPreconditions: readonly Precondition[] = [
  ...idlePreconditions,
  {
    reason: otherWindow,
    holds: (timeline, flow, window) => !wasDeleted(timeline, flow) || windowOf(timeline, flow) === window,
  },
  {
    reason: 'the reuse did not hit the window: the agent was not about to delete the flow’s entry',
    holds: (timeline, flow, window) =>
      wasDeleted(timeline, flow) || (window === 'after-snapshot' && wasKept(timeline, flow)),
  },
  {
    reason: 'the end of the pass was not seen',
    holds: ({ passEnd, reused }, flow) => (passEnd ?? 0) >= (reused.get(flow)?.at ?? Infinity),
  },
  replyPrecondition,
]
