/** Reads what watches have written, of one node or of many. */
import { UserError } from '../user-error.ts'
import type { KeptCounts } from './kept-entries.ts'
import type { WatchTotals } from './watch-totals.ts'
import { watchRecordSchema, type FindingRecord, type PassRecord, type TotalsRecord } from './watch-record.ts'

export interface WatchSurvey {
  /** The last counts of each watch. */
  readonly watches: readonly TotalsRecord[]
  readonly findings: readonly FindingRecord[]
  readonly passes: readonly PassRecord[]
  /** The counts of all watches together; `seconds` are seconds of one node. */
  readonly totals: WatchTotals
}

/**
 * Reads lines of `npa-race watch --json`. Text before a record is skipped, e.g. the name of a pod, and so are lines without one, e.g. the messages that
 * `kubectl logs` shows, too.
 *
 * @throws UserError if no line has the counts of a watch
 */
export function readWatch(text: string): WatchSurvey {
  const records = text.split('\n').flatMap((line) => {
    const start = line.indexOf('{"type":')
    const record = start < 0 ? undefined : watchRecordSchema.safeParse(parsed(line.slice(start)))
    return record?.data ? [record.data] : []
  })
  const last = new Map(
    records.flatMap((record): [string, TotalsRecord][] =>
      record.type === 'totals' ? [[`${record.startedMs} ${record.node}`, record]] : [],
    ),
  )
  if (last.size === 0)
    throw new UserError(
      'no line has the counts of a watch; expected the output of "npa-race watch --json", which prints them each minute and at its end',
    )
  const watches = [...last.values()]
  return {
    watches,
    findings: records.flatMap((record) => (record.type === 'finding' ? [record] : [])),
    passes: records.flatMap((record) => (record.type === 'pass' ? [record] : [])),
    totals: watches.reduce(sumOf, none),
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined // A line that was cut short.
  }
}

const none: WatchTotals = { counts: { stale: 0, live: 0, undecided: 0, denied: 0 }, passes: 0, lost: 0, seconds: 0 }

/** Undefined if none of the watches could see evictions. */
const evictedBy = (one: WatchTotals, other: WatchTotals): number | undefined =>
  one.evicted === undefined ? other.evicted : one.evicted + (other.evicted ?? 0)

function keptBy({ kept: one }: WatchTotals, { kept: other }: WatchTotals): KeptCounts | undefined {
  if (!one || !other) return one ?? other
  return { looked: one.looked + other.looked, dead: one.dead + other.dead, kept: one.kept + other.kept }
}

function sumOf(one: WatchTotals, other: WatchTotals): WatchTotals {
  const evicted = evictedBy(one, other)
  const kept = keptBy(one, other)
  return {
    counts: {
      stale: one.counts.stale + other.counts.stale,
      live: one.counts.live + other.counts.live,
      undecided: one.counts.undecided + other.counts.undecided,
      denied: one.counts.denied + other.counts.denied,
    },
    passes: one.passes + other.passes,
    lost: one.lost + other.lost,
    seconds: one.seconds + other.seconds,
    ...(evicted !== undefined && { evicted }),
    ...(kept && { kept }),
  }
}
