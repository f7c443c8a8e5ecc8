/** Defines the conditions that a flow must meet to be an exposure, for any trigger, and the events that prove them. */
import type { CohortEvent } from '../history/event.ts'
import type { AttemptTimeline } from './timeline.ts'

export interface Precondition {
  /** Why a flow is not an exposure if the condition does not hold. */
  readonly reason: string
  readonly holds: (timeline: AttemptTimeline, flow: number, window: CohortEvent['window']) => boolean
}

export const has = (flows: readonly number[] | undefined, flow: number): boolean => flows?.includes(flow) ?? false

/** Whether the run looked at kernel and map: there is a probe on the node. */
export const seesNode = ({ whenOpened }: AttemptTimeline): boolean => whenOpened !== undefined

/** The conditions before the window, in order: the agent has copied the key of the flow, and the flow was idle when the agent looked. */
export const idlePreconditions: readonly Precondition[] = [
  { reason: 'the first connection was not opened', holds: ({ opened }, flow) => opened.has(flow) },
  {
    reason: 'the first connection was missing in the kernel or in the map',
    holds: ({ whenOpened }, flow) => has(whenOpened?.kernel.present, flow) && has(whenOpened?.map.present, flow),
  },
  {
    reason: 'the agent did not read the map after the connection was opened',
    holds: ({ walks, opened }, flow) => walks.some(({ began }) => began >= (opened.get(flow) ?? Infinity)),
  },
  {
    // A dump that began before the flow expired may have read its entry already.
    reason: 'the flow was not stale when the agent looked: still in conntrack, or already gone from the map',
    holds: (timeline, flow) =>
      has(timeline.whenExpired?.kernel.absent, flow) &&
      has(timeline.whenExpired?.map.present, flow) &&
      (timeline.whenExpired?.at ?? Infinity) <= (timeline.dumpBegan ?? 0),
  },
  {
    // For example, in a pass before the hold. The reuse then creates a new entry, which the agent has not copied and does not delete.
    reason: 'the agent deleted the entry before the flow was used again',
    holds: ({ deletes, reused }, flow) => (deletes.get(flow)?.at ?? Infinity) >= (reused.get(flow)?.began ?? 0),
  },
]

/**
 * The condition for every attempt that is judged by its replies. An agent that gets no CPU time may look as if its pass were over. The reply is
 * then too early to show what becomes of the flow.
 */
export const deletedBeforeReply: Precondition = {
  reason: 'the agent deleted the entry only after the reply was sent: its pass was not over',
  holds: ({ begin, lastDelete, replySent }, flow) =>
    (lastDelete.get(flow) ?? 0) + (begin.clockError ?? 0) <= (replySent.get(flow) ?? Infinity),
}

/** The condition after the window. */
export const replyPrecondition: Precondition = {
  reason: 'the reply was not sent after the pass',
  holds: ({ replySent, passEnd }, flow) => (replySent.get(flow) ?? 0) >= (passEnd ?? Infinity),
}
