/** Computes from the recorded passes how many entries a pass deletes, how long it reads and deletes, and how far passes are apart. */
import { quantile } from '../statistics/quantile.ts'
import { counted, duration, shortTime } from '../text.ts'
import type { PassRecord } from './watch-record.ts'

/** Of a figure over all passes. */
interface Spread {
  readonly p50: number
  readonly p95: number
  readonly max: number
}

export interface PassFigures {
  readonly passes: number
  readonly stale: Spread
  /** Time from the first delete of a pass to its last, in milliseconds. */
  readonly lastsMs: Spread
  /** Time from the start of a pass to the start of the next one of the same watch, in milliseconds; undefined if no watch saw two. */
  readonly apartMs: Spread | undefined
  /** How long the kernel wrote the dump of a pass, in milliseconds; undefined if no dump was seen. */
  readonly dumpMs: Spread | undefined
  /** Time from the end of the dump to the delete of an entry, in milliseconds: the natural width of the window after the snapshot. */
  readonly windowMs: Spread | undefined
  /** Time from the agent's last look at an entry to the delete, in milliseconds: the natural width of the window after a re-read. */
  readonly rereadMs: Spread | undefined
}

/** As many deletes stand for a pass at most. */
const mostPoints = 20

/** Returns the width of the window for entries of the pass. Its deletes are taken as evenly spread between the first and the last one. */
function windowsOf({ sinceDumpMs, lastsMs, stale, live, undecided }: PassRecord): number[] {
  if (sinceDumpMs === undefined) return []
  const points = Math.min(mostPoints, stale + live + undecided)
  return Array.from({ length: points }, (_, index) => sinceDumpMs + (lastsMs * index) / Math.max(1, points - 1))
}

/** @returns undefined if there is no pass */
export function passFigures(passes: readonly PassRecord[]): PassFigures | undefined {
  const stale = spreadOf(passes.map((pass) => pass.stale))
  const lastsMs = spreadOf(passes.map((pass) => pass.lastsMs))
  if (!stale || !lastsMs) return undefined
  const byWatch = Map.groupBy(passes, ({ node, startedMs }) => `${startedMs} ${node}`)
  const apart = [...byWatch.values()].flatMap((own) => {
    const begins = own.map(({ beganMs }) => beganMs).toSorted((a, b) => a - b)
    return begins.slice(1).map((begin, index) => begin - (begins[index] ?? begin))
  })
  return {
    passes: passes.length,
    stale,
    lastsMs,
    apartMs: spreadOf(apart),
    dumpMs: spreadOf(passes.flatMap(({ dumpMs }) => dumpMs ?? [])),
    windowMs: spreadOf(passes.flatMap(windowsOf)),
    rereadMs: spreadOf(passes.flatMap(({ sinceLookMs = [] }) => sinceLookMs)),
  }
}

function spreadOf(values: readonly number[]): Spread | undefined {
  const [p50, p95, max] = [0.5, 0.95, 1].map((q) => quantile(values, q))
  return p50 === undefined || p95 === undefined || max === undefined ? undefined : { p50, p95, max }
}

/** What passes were like, as sentences. */
export function passLines({ passes, stale, lastsMs, apartMs, dumpMs, windowMs, rereadMs }: PassFigures): string[] {
  const times = (spread: Spread, format: (milliseconds: number) => string): string =>
    `median ${format(spread.p50)}, 95th percentile ${format(spread.p95)}, maximum ${format(spread.max)}`
  const whole = (value: number): string => String(Math.round(value))
  return [
    `${counted(passes, 'pass', 'passes')}; stale entries that a pass deleted: ${times(stale, whole)}.`,
    `Time from the first delete of a pass to its last: ${times(lastsMs, shortTime)}.`,
    windowMs
      ? `Window after the snapshot, from the end of the agent’s conntrack dump to the delete of an entry: ${times(windowMs, shortTime)}. A flow that is reused within it is lost, unless the agent looks again.`
      : 'The agent’s conntrack dumps were not seen. It has read conntrack before its first delete, so the window of the last entry is longer than the time above.',
    ...(rereadMs
      ? [
          `Window after the re-read, from the agent’s last look at an entry to the delete: ${times(rereadMs, shortTime)}. A flow that is reused within it is lost.`,
        ]
      : []),
    ...(dumpMs
      ? [
          `Duration of the dump: ${times(dumpMs, shortTime)}. An entry is read at any time during it, so its window is longer by up to this.`,
        ]
      : []),
    ...(apartMs ? [`Time from one pass with deletes to the next: ${times(apartMs, duration)}.`] : []),
  ]
}

/** What a watch cannot see, as sentences. */
export const watchBlindSpots: readonly string[] = [
  'On kernels that do not let their functions be observed: the agent’s conntrack dumps, its looks at entries before it deletes them, and evictions.',
  'All entries that the agent keeps, or deletes later than it could. Only some are looked at, after each pass that has deleted something.',
  'Which flows were evicted because the map was full. Evictions are only counted.',
  'Passes that are less than a second apart. Their deletes count as one pass.',
  'Losses on nodes, and at times, that were not watched.',
]
