/** Computes from the recorded passes how many entries a pass deletes, how long it deletes, and how far passes are apart. */
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
  return { passes: passes.length, stale, lastsMs, apartMs: spreadOf(apart) }
}

function spreadOf(values: readonly number[]): Spread | undefined {
  const [p50, p95, max] = [0.5, 0.95, 1].map((q) => quantile(values, q))
  return p50 === undefined || p95 === undefined || max === undefined ? undefined : { p50, p95, max }
}

/** What passes were like, as sentences. */
export function passLines({ passes, stale, lastsMs, apartMs }: PassFigures): string[] {
  const times = (spread: Spread, format: (milliseconds: number) => string): string =>
    `median ${format(spread.p50)}, 95th percentile ${format(spread.p95)}, maximum ${format(spread.max)}`
  const whole = (value: number): string => String(Math.round(value))
  return [
    `${counted(passes, 'pass', 'passes')}; stale entries that a pass deleted: ${times(stale, whole)}.`,
    `Time from the first delete of a pass to its last: ${times(lastsMs, shortTime)}. The agent has read conntrack before the first delete, so the window of the last entry is longer than this.`,
    ...(apartMs ? [`Time from one pass with deletes to the next: ${times(apartMs, duration)}.`] : []),
  ]
}

/** What a watch cannot see, as sentences. */
export const watchBlindSpots: readonly string[] = [
  'When the agent read conntrack, or an entry again. So the whole width of a window is not known: only the part between the deletes of a pass is.',
  'Entries that the agent keeps, or deletes later than it could. A watch sees deletes only.',
  'Entries that the kernel evicts because the map is full. They are not deletes of the agent, and are not counted here.',
  'Passes that are less than a second apart. Their deletes count as one pass.',
  'Losses on nodes, and at times, that were not watched.',
]
