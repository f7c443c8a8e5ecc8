/** Counts the stale entries that a cleanup has left, and describes the result. */
import { counted } from '../text.ts'
import type { Retention } from './attempt-verdict.ts'
import { has } from './preconditions.ts'
import type { AttemptTimeline } from './timeline.ts'

/** @returns why the attempt shows nothing about stale entries: a short reason and a detail; undefined if it does show something */
export function whyNoRetention(
  timeline: AttemptTimeline,
  { stale }: Retention,
): readonly [reason: string, detail: string] | undefined {
  if (dumpWasUnderWay(timeline))
    return ['a dump was in progress when the kernel forgot the flows', 'its pass may still have seen them']
  return stale > 0 ? undefined : ['no entry was stale', 'the attempt cannot show whether stale entries are deleted']
}

/** Whether a pass began before the flows expired. The agent need not delete their entries in that pass. */
function dumpWasUnderWay({ whenExpired, dumps, snapshots }: AttemptTimeline): boolean {
  const expired = whenExpired?.at ?? 0
  const ended = snapshots.find(({ at }) => at >= expired)?.at ?? 0
  return (dumps.findLast(({ at }) => at <= ended)?.at ?? Infinity) < expired
}

/** Says how many stale entries a cleanup has left. */
export const retentionText = ({ kept, stale, passes }: Retention): string =>
  `${kept} of ${stale} stale entries are still in the map after ${counted(passes, 'compare pass', 'compare passes')}`

/** Says that a cleanup has left stale entries for too long. */
export const overRetentionText = (retention: Retention): string => `over-retention: ${retentionText(retention)}`

/** Counts the stale entries: those whose flow is not in the kernel. If a late packet brings a flow back, the agent is right to keep its entry. */
export function retentionOf({ begin, whenExpired, afterPass, passes }: AttemptTimeline): Retention {
  const isStale = (flow: number): boolean =>
    has(whenExpired?.map.present, flow) && has(whenExpired?.kernel.absent, flow) && has(afterPass?.kernel.absent, flow)
  const stale = begin.flows.filter(({ flow }) => isStale(flow))
  const kept = stale.filter(({ flow }) => afterPass?.map.present.includes(flow))
  return { passes, stale: stale.length, kept: kept.length }
}
