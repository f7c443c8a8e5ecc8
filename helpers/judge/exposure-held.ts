/** Decides whether a flow is provably an exposure if the agent was held (trigger `exact`). */
import { windowTable, type Window } from '../windows.ts'
import type { Ns } from '../units.ts'
import { has, idlePreconditions, replyPrecondition, type Precondition } from './preconditions.ts'
import type { AttemptTimeline } from './timeline.ts'

/** The conditions, in order. The first condition that does not hold is the reason why a flow is not an exposure. */
export const heldPreconditions: readonly Precondition[] = [
  ...idlePreconditions,
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
    reason: 'before the release, the kernel had no new entry for the reuse, or the map had no entry',
    holds: (timeline, flow, window) => {
      const released = releaseAfter(timeline, heldFrom(timeline, flow, window))
      const reused = timeline.reused.get(flow)?.at ?? Infinity
      return timeline.looksAfterReuse.some(
        ({ at, kernel, map }) => at >= reused && at <= released && has(kernel.present, flow) && has(map.present, flow),
      )
    },
  },
  {
    // For example, because another run held the same agent and released it.
    reason: 'the agent went on before it was released',
    holds(timeline, flow, window) {
      const held = heldFrom(timeline, flow, window)
      const released = releaseAfter(timeline, held)
      return ![...timeline.deletes.values(), ...timeline.looks].some(({ at }) => at > (held ?? 0) && at < released)
    },
  },
  {
    // The agent has then seen the reuse, and the window after that later dump was not tested. If it deletes anyway, the flow was exposed.
    reason: 'the agent dumped conntrack again before its pass was over: it was not held at its last look',
    holds(timeline, flow) {
      const { deletes, snapshots, dumps, snapshot, releases, passEnd } = timeline
      if (deletes.has(flow)) return true
      const [held, released, end] = [snapshot?.at ?? 0, releases[0] ?? Infinity, passEnd ?? 0]
      // The end of a dump may not be seen, so its beginning counts too.
      const again =
        dumps.some(({ at }) => at > held && at < end) || snapshots.some(({ at }) => at > released && at <= end)
      return !again && !dumpsOverlap(timeline)
    },
  },
  {
    reason: 'the agent looked at the entry again after it was released: it was not held at its last look',
    holds(timeline, flow, window) {
      if (windowTable[window].per === 'pass' || timeline.deletes.has(flow)) return true
      const released = releaseAfter(timeline, heldFrom(timeline, flow, window))
      return !timeline.looks.some(
        (look) => look.flow === flow && look.at > released && look.at <= (timeline.passEnd ?? 0),
      )
    },
  },
  {
    reason: 'the end of the pass was not seen',
    holds: ({ passEnd, releases }) => (passEnd ?? 0) >= (releases.at(-1) ?? Infinity),
  },
  replyPrecondition,
]

/** Whether two dumps of the expired flows had begun when the agent was held at the end of one of them. The agent may decide by the other dump. */
function dumpsOverlap({ dumps, snapshots, snapshot, whenExpired }: AttemptTimeline): boolean {
  const held = snapshot?.at ?? 0
  const before = snapshots.findLast(({ at }) => at < held)?.at ?? 0
  return dumps.filter(({ at }) => at > Math.max(before, whenExpired?.at ?? 0) && at <= held).length > 1
}

/** Returns the time from which a reuse of this flow lands in the window, because the agent is held; undefined if it was not held for it. */
export function heldFrom(timeline: AttemptTimeline, flow: number, window: Window): Ns | undefined {
  const { per, openedByHold } = windowTable[window]
  const hold = timeline.holds.find((held) => held.window === window && (per === 'pass' || held.flow === flow))
  return hold && openedByHold(timeline, flow, hold)
}

const releaseAfter = ({ releases }: AttemptTimeline, held: Ns | undefined): number =>
  releases.find((at) => at >= (held ?? Infinity)) ?? Infinity
