/** What an attempt shows of stale entries: how many a cleanup has left. */
import { counted } from '../text.ts'
import type { Retention } from './attempt-verdict.ts'
import { has } from './preconditions.ts'
import type { AttemptTimeline } from './timeline.ts'

/** @returns why it shows nothing, in few words and in more */
export function whyNoRetention(
  timeline: AttemptTimeline,
  { stale }: Retention,
): readonly [reason: string, detail: string] | undefined {
  if (dumpWasUnderWay(timeline))
    return ['a dump was under way when the kernel forgot the flows', 'its pass has seen them, perhaps']
  return stale > 0 ? undefined : ['no entry was stale', 'nothing shows whether stale entries are deleted']
}

/** A pass of an agent's own timer that began before the flows had expired is not one of those in which their entries must be deleted. */
function dumpWasUnderWay({ whenExpired, dumps, snapshots }: AttemptTimeline): boolean {
  const expired = whenExpired?.at ?? 0
  const ended = snapshots.find(({ at }) => at >= expired)?.at ?? 0
  return (dumps.findLast(({ at }) => at <= ended)?.at ?? Infinity) < expired
}

/** How many stale entries a cleanup has left, in words. */
export const retentionText = ({ kept, stale, passes }: Retention): string =>
  `${kept} of ${stale} stale entries are still in the map after ${counted(passes, 'compare pass', 'compare passes')}`

/** The same if it has left any: a finding against it. */
export const overRetentionText = (retention: Retention): string => `over-retention: ${retentionText(retention)}`

/** An entry is stale while the kernel does not have its flow: one that a late packet has brought back is kept by right. */
export function retentionOf({ begin, whenExpired, afterPass, passes }: AttemptTimeline): Retention {
  const isStale = (flow: number): boolean =>
    has(whenExpired?.map.present, flow) && has(whenExpired?.kernel.absent, flow) && has(afterPass?.kernel.absent, flow)
  const stale = begin.flows.filter(({ flow }) => isStale(flow))
  const kept = stale.filter(({ flow }) => afterPass?.map.present.includes(flow))
  return { passes, stale: stale.length, kept: kept.length }
}
