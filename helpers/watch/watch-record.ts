/** The lines of `npa-race watch --json`: one per finding, and the counts so far, from time to time and at the end. */
import { z } from 'zod'
import { tuple } from '../history/event.ts'
import type { WatchTotals } from './watch-totals.ts'
import type { Finding } from './watched-flows.ts'

/** Which watch a line is from, so that the lines of many nodes may stand in one file. */
const watchFields = {
  node: z.string(),
  /** When the watch began, in milliseconds since 1970. */
  startedMs: z.number(),
}

const findingRecord = z.strictObject({
  type: z.literal('finding'),
  ...watchFields,
  tuple,
  deletedMs: z.number(),
  process: z.int(),
  mapId: z.int(),
  mapLayout: z.string(),
  deniedAfterMs: z.number().optional(),
  entryAfterMs: z.number().optional(),
})

const count = z.int().nonnegative()
const totalsRecord = z.strictObject({
  type: z.literal('totals'),
  ...watchFields,
  seconds: z.number().nonnegative(),
  passes: count,
  counts: z.strictObject({ stale: count, live: count, undecided: count, denied: count }),
  lost: count,
  /** Of the map that the agent has now. */
  mapLayout: z.string(),
})

export const watchRecordSchema = z.discriminatedUnion('type', [findingRecord, totalsRecord])

export type FindingRecord = z.infer<typeof findingRecord>
export type TotalsRecord = z.infer<typeof totalsRecord>
/** Which watch writes a line. */
export type WatchName = Pick<TotalsRecord, 'node' | 'startedMs'>

/** Returns a finding as a line, without its end. */
export const findingRecordLine = (watch: WatchName, finding: Finding): string =>
  JSON.stringify({ type: 'finding', ...watch, ...finding } satisfies FindingRecord)

/** Returns the counts as a line, without its end. */
export const totalsRecordLine = (watch: WatchName, totals: WatchTotals, mapLayout: string): string =>
  JSON.stringify({ type: 'totals', ...watch, ...totals, mapLayout } satisfies TotalsRecord)
