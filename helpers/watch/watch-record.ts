/** The lines of `npa-race watch --json`: one per finding and per pass, and the counts so far, each minute and at the end. */
import { z } from 'zod'
import { tuple } from '../history/event.ts'
import { podSchema } from './pods.ts'
import type { WatchTotals } from './watch-totals.ts'
import type { Finding } from './watched-flows.ts'
import type { WatchedPass } from './watched-passes.ts'

/** Which watch a line is from, so that the lines of many nodes may stand in one file. */
const watchFields = {
  node: z.string(),
  /** When the watch began, in milliseconds since 1970. */
  startedMs: z.number(),
}

const count = z.int().nonnegative()

const findingRecord = z.strictObject({
  type: z.literal('finding'),
  ...watchFields,
  tuple,
  deletedMs: z.number(),
  process: z.int(),
  mapId: z.int(),
  mapLayout: z.string(),
  sinceDumpMs: z.number().nonnegative().optional(),
  sinceLookMs: z.number().nonnegative().optional(),
  deniedAfterMs: z.number().optional(),
  entryAfterMs: z.number().optional(),
  pod: podSchema.optional(),
})

const passRecord = z.strictObject({
  type: z.literal('pass'),
  ...watchFields,
  beganMs: z.number(),
  lastsMs: z.number().nonnegative(),
  dumpMs: z.number().nonnegative().optional(),
  sinceDumpMs: z.number().nonnegative().optional(),
  sinceLookMs: z.array(z.number().nonnegative()).readonly().optional(),
  stale: count,
  live: count,
  undecided: count,
})

/** The fields of `WatchTotals`: of one watch, or of several together. */
export const totalsFields = {
  seconds: z.number().nonnegative(),
  passes: count,
  counts: z.strictObject({ stale: count, live: count, undecided: count, denied: count }),
  lost: count,
  /** Entries that the kernel removed because the map was full; missing if that cannot be seen. */
  evicted: count.optional(),
  /** Of a sample of entries that are looked at after each pass. */
  kept: z.strictObject({ looked: count, dead: count, kept: count }).optional(),
}

export const totalsRecord = z.strictObject({
  type: z.literal('totals'),
  ...watchFields,
  ...totalsFields,
  /** Of the map that the agent has now. */
  mapLayout: z.string(),
  /** Whether these are the last counts of the watch. */
  isEnd: z.boolean(),
})

export const watchRecordSchema = z.discriminatedUnion('type', [findingRecord, passRecord, totalsRecord])

export type FindingRecord = z.infer<typeof findingRecord>
export type PassRecord = z.infer<typeof passRecord>
export type TotalsRecord = z.infer<typeof totalsRecord>
/** Which watch writes a line. */
export type WatchName = Pick<TotalsRecord, 'node' | 'startedMs'>

/** Returns a finding as a line, without its end. */
export const findingRecordLine = (watch: WatchName, finding: Finding): string =>
  JSON.stringify({ type: 'finding', ...watch, ...finding } satisfies FindingRecord)

/** Returns a pass as a line, without its end. */
export const passRecordLine = (watch: WatchName, pass: WatchedPass): string =>
  JSON.stringify({ type: 'pass', ...watch, ...pass } satisfies PassRecord)

/** Returns the counts as a line, without its end. */
export const totalsRecordLine = (watch: WatchName, totals: WatchTotals, mapLayout: string, isEnd = true): string =>
  JSON.stringify({ type: 'totals', ...watch, ...totals, mapLayout, isEnd } satisfies TotalsRecord)
