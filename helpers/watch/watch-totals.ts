/** What `npa-race watch` has counted so far, and how it says so. */
import { tupleText } from '../flow.ts'
import { poissonBounds } from '../statistics/poisson.ts'
import { counted, duration, shortTime } from '../text.ts'
import type { KeptCounts } from './kept-entries.ts'
import type { Finding, WatchCounts } from './watched-flows.ts'

export interface WatchTotals {
  readonly counts: WatchCounts
  /** Passes that deleted something. */
  readonly passes: number
  /** Deletes that were not seen, because they came faster than they were read. */
  readonly lost: number
  /** Entries that the kernel removed because the map was full, which is not the race; undefined if that cannot be seen. */
  readonly evicted?: number | undefined
  /** Of a sample of the map's entries; undefined in the output of older versions. */
  readonly kept?: KeptCounts | undefined
  readonly seconds: number
}

/** Values of a map by their bytes, and the releases that make them (`helpers/codecs/map-value.ts`). */
const releases: Readonly<Record<string, string>> = {
  4: 'releases up to v1.0.4',
  1: 'releases up to v1.4.2',
  16: 'v1.4.3 or later',
}

/** Says which releases make a map with this layout. @param layout bytes of a key and of a value */
export const layoutText = (layout: string): string => `${layout}: ${releases[layout.split('/')[1] ?? ''] ?? 'unknown'}`

/** One line about a live flow whose entry was deleted. */
export function findingLine({
  tuple,
  deletedMs,
  process,
  mapId,
  mapLayout,
  sinceDumpMs,
  sinceLookMs,
  deniedAfterMs,
  entryAfterMs,
  pod,
}: Finding): string {
  const what = [
    ...(deniedAfterMs === undefined ? [] : [`a reply was denied ${shortTime(Math.max(0, deniedAfterMs))} later`]),
    ...(entryAfterMs === undefined ? [] : [`the entry was back ${shortTime(Math.max(0, entryAfterMs))} later`]),
  ]
  const then = what.length === 0 ? 'no reply was denied, and the entry was not back, within 10 s' : what.join('; ')
  return `${new Date(deletedMs).toISOString()} process ${process} deleted the entry of the live flow ${tupleText(tuple)}${pod ? ` of pod ${pod.namespace}/${pod.name}` : ''} from map ${mapId} (${layoutText(mapLayout)})${sinceDumpMs === undefined ? '' : `, ${shortTime(sinceDumpMs)} after its dump of conntrack`}${sinceLookMs === undefined ? '' : ` and ${shortTime(sinceLookMs)} after its last look at the entry`}: ${then}`
}

/** The whole so far, in a few lines. */
export function totalLines({ counts, passes, lost, evicted = 0, kept, seconds }: WatchTotals): string[] {
  const { stale, live, undecided, denied } = counts
  const deletes = stale + live + undecided
  const { lower, upper } = poissonBounds(denied)
  const perHour = (count: number): string => String(Number(((count * 3600) / Math.max(1, seconds)).toPrecision(2)))
  return [
    `${duration(seconds * 1000)}: ${counted(passes, 'pass', 'passes')} with deletes; ${counted(deletes, 'entry', 'entries')} deleted, ${live} of live flows${undecided > 0 ? `, ${undecided} undecided (the entry was back at once)` : ''}`,
    `${counted(denied, 'live flow')} with a denied reply: ${perHour(denied)} an hour (95 %: ${perHour(lower)} to ${perHour(upper)})`,
    ...(kept && kept.looked > 0
      ? [
          `of ${counted(kept.looked, 'entry', 'entries')} looked at after passes, ${kept.dead} had no flow in the kernel any more, and ${kept.kept} of these were still there after the next pass`,
        ]
      : []),
    ...(evicted > 0
      ? [
          `${counted(evicted, 'entry', 'entries')} evicted by the kernel because the agent’s map was full; replies of such flows may be denied, too, which is not this race`,
        ]
      : []),
    ...(lost > 0 ? [`${counted(lost, 'delete')} came faster than they could be read, and may hide more`] : []),
  ]
}
