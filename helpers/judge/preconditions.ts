/** What must have been seen for a flow to be an exposure, whoever triggers: each with the event that shows it. */
import type { CohortEvent } from '../history/event.ts'
import type { AttemptTimeline } from './timeline.ts'

export interface Precondition {
  /** Why a flow is no exposure where it does not hold. */
  readonly reason: string
  readonly holds: (timeline: AttemptTimeline, flow: number, window: CohortEvent['window']) => boolean
}

export const has = (flows: readonly number[] | undefined, flow: number): boolean => flows?.includes(flow) ?? false

/** Somebody looked at kernel and map: there is a probe on the node. */
export const seesNode = ({ whenOpened }: AttemptTimeline): boolean => whenOpened !== undefined

/** Before the window, in this order: the agent took the flow over, and nobody used it any more when it looked. */
export const idlePreconditions: readonly Precondition[] = [
  { reason: 'the first connection was not opened', holds: ({ opened }, flow) => opened.has(flow) },
  {
    reason: 'kernel or map did not have the first connection',
    holds: ({ whenOpened }, flow) => has(whenOpened?.kernel.present, flow) && has(whenOpened?.map.present, flow),
  },
  {
    reason: 'the agent did not read the map after the connection was opened',
    holds: ({ walks, opened }, flow) => walks.some(({ began }) => began >= (opened.get(flow) ?? Infinity)),
  },
  {
    // What a dump has walked over before, it tells all the same.
    reason: 'the kernel still had the flow, or the map had lost it, when the agent looked',
    holds: (timeline, flow) =>
      has(timeline.whenExpired?.kernel.absent, flow) &&
      has(timeline.whenExpired?.map.present, flow) &&
      (timeline.whenExpired?.at ?? Infinity) <= (timeline.dumpBegan ?? 0),
  },
  {
    // E.g. in a pass that nobody held: the entry is a new one then, and the agent has no copy of it to delete.
    reason: 'the agent deleted the entry before the flow was used again',
    holds: ({ deletes, reused }, flow) => (deletes.get(flow)?.at ?? Infinity) >= (reused.get(flow)?.began ?? 0),
  },
]

/**
 * For every attempt that is judged by its replies. An agent that gets no processor looks as if it were done: the reply was too early to
 * show what becomes of the flow.
 */
export const deletedBeforeReply: Precondition = {
  reason: 'the agent deleted the entry only after the reply was sent: its pass was not over',
  holds: ({ begin, lastDelete, replySent }, flow) =>
    (lastDelete.get(flow) ?? 0) + (begin.clockError ?? 0) <= (replySent.get(flow) ?? Infinity),
}

/** After the window. */
export const replyPrecondition: Precondition = {
  reason: 'the reply was not sent after the pass',
  holds: ({ replySent, passEnd }, flow) => (replySent.get(flow) ?? 0) >= (passEnd ?? Infinity),
}
