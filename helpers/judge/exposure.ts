/** Whether a flow's reuse provably landed in the window: each precondition with the event that shows it. */
import type { Window } from '../schedule/schedule.ts'
import type { Ns } from '../units.ts'
import type { AttemptTimeline } from './timeline.ts'

/** What must have been seen, in this order; the first that was not is the reason why a flow is no exposure. */
const preconditions: readonly {
  readonly reason: string
  readonly holds: (timeline: AttemptTimeline, flow: number, window: Window) => boolean
}[] = [
  { reason: 'the first connection was not opened', holds: ({ opened }, flow) => opened.has(flow) },
  {
    reason: 'kernel or map did not have the first connection',
    holds: ({ whenOpened }, flow) => has(whenOpened?.kernel.present, flow) && has(whenOpened?.map.present, flow),
  },
  {
    reason: 'the agent did not read the map after the connection was opened',
    holds: ({ walks, opened, snapshot }, flow) =>
      walks.some(({ began }) => began >= (opened.get(flow) ?? Infinity)) && snapshot !== undefined,
  },
  {
    reason: 'the kernel still had the flow, or the map had lost it, when the agent looked',
    holds: ({ whenExpired, snapshot }, flow) =>
      has(whenExpired?.kernel.absent, flow) &&
      has(whenExpired?.map.present, flow) &&
      (whenExpired?.at ?? Infinity) <= (snapshot?.at ?? 0),
  },
  {
    reason: 'the agent was not held in the window',
    holds: (timeline, flow, window) => heldFrom(timeline, flow, window) !== undefined,
  },
  {
    reason: 'the reuse did not begin in the window',
    holds: (timeline, flow, window) =>
      (timeline.reused.get(flow)?.began ?? 0) >= (heldFrom(timeline, flow, window) ?? Infinity),
  },
  {
    reason: 'the reuse made no new kernel entry, or the map had none, before the agent went on',
    holds: (timeline, flow, window) => {
      const released = releaseAfter(timeline, heldFrom(timeline, flow, window))
      const reused = timeline.reused.get(flow)?.at ?? Infinity
      return timeline.looksAfterReuse.some(
        ({ at, kernel, map }) => at >= reused && at <= released && has(kernel.present, flow) && has(map.present, flow),
      )
    },
  },
  {
    reason: 'the end of the pass was not seen',
    holds: ({ passEnd, releases }) => (passEnd ?? 0) >= (releases.at(-1) ?? Infinity),
  },
  {
    reason: 'the reply was not sent after the pass',
    holds: ({ replySent, passEnd }, flow) => (replySent.get(flow) ?? 0) >= (passEnd ?? Infinity),
  },
]

const has = (flows: readonly number[] | undefined, flow: number): boolean => flows?.includes(flow) ?? false

/** Since when the agent was held so that this flow's reuse lands in the window. */
export function heldFrom({ holds, snapshot, rereads }: AttemptTimeline, flow: number, window: Window): Ns | undefined {
  const hold = holds.find((held) => held.window === window && (window === 'after-snapshot' || held.flow === flow))
  if (!hold) return undefined
  return window === 'after-snapshot' ? (snapshot?.stopped ? snapshot.at : undefined) : rereads.get(flow)?.at
}

const releaseAfter = ({ releases }: AttemptTimeline, held: Ns | undefined): number =>
  releases.find((at) => at >= (held ?? Infinity)) ?? Infinity

/** @returns undefined for an exposure, else the first precondition that was not seen */
export const notExposed = (timeline: AttemptTimeline, flow: number, window: Window): string | undefined =>
  preconditions.find(({ holds }) => !holds(timeline, flow, window))?.reason
