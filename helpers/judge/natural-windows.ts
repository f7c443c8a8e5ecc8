/** Measures how wide an agent's windows are if it is not held: a reuse must hit them by chance. */
import { perWindow, windowTable, type Window } from '../windows.ts'
import { elapsedMs, type Ms } from '../units.ts'
import type { NaturalWindows } from './attempt-verdict.ts'
import type { AttemptTimeline } from './timeline.ts'

/** Returns the durations of the dumps, and for each delete the time since the agent's last look before it. */
export function naturalWindows(timeline: AttemptTimeline): NaturalWindows {
  const { begin, deletes, dumps, snapshots } = timeline
  const widths = (window: Window): Ms[] =>
    begin.flows.flatMap(({ flow }) => {
      const deleted = deletes.get(flow)?.at
      const looked = deleted && windowTable[window].lastLook(timeline, flow, deleted)
      return deleted && looked ? [elapsedMs(looked, deleted)] : []
    })
  return {
    dump: snapshots.flatMap(({ at }) => {
      const began = dumps.findLast((dump) => dump.at <= at)
      return began ? [elapsedMs(began.at, at)] : []
    }),
    ...perWindow(widths),
  }
}
