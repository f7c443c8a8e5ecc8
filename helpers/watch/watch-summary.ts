/** The summary of watches: `summary.json` in their results folder. */
import { z } from 'zod'
import { printableJson } from '../text.ts'
import { poissonBounds } from '../statistics/poisson.ts'
import { checkWatch } from './check-watch.ts'
import { passFigures } from './pass-figures.ts'
import type { WatchSurvey } from './read-watch.ts'
import { totalsFields, totalsRecord } from './watch-record.ts'

const count = z.int().nonnegative()
const spread = z.strictObject({ p50: z.number(), p95: z.number(), max: z.number() })

export const watchSummarySchema = z.strictObject({
  /** Says that this is not the summary of a run. */
  kind: z.literal('watch'),
  /** The last counts of each watch. */
  watches: z.array(totalsRecord),
  /** Of all watches together. `seconds` are seconds of one node. */
  totals: z.strictObject(totalsFields),
  /** Live flows with a denied reply, per node and hour, with bounds of 95 % confidence. */
  deniedPerNodeHour: z.strictObject({ rate: z.number(), lower: z.number(), upper: z.number() }),
  /** Recorded live flows whose entry was deleted. */
  findings: count,
  /** Of the recorded passes; missing if there is none. */
  passes: z
    .strictObject({
      passes: count,
      stale: spread,
      lastsMs: spread,
      apartMs: spread.optional(),
      dumpMs: spread.optional(),
      windowMs: spread.optional(),
      rereadMs: spread.optional(),
    })
    .optional(),
  /** Counts that differ from what the records add up to. */
  disagreements: z.array(z.string()),
  /** Nodes whose watch has not ended, or was killed. */
  unfinished: z.array(z.string()),
})

export type WatchSummary = z.infer<typeof watchSummarySchema>

/** Returns the text of `summary.json`. */
export const watchSummaryText = (survey: WatchSurvey): string => printableJson(watchSummary(survey))

function watchSummary(survey: WatchSurvey): WatchSummary {
  const { watches, totals, findings, passes } = survey
  const { disagreements, unfinished } = checkWatch(survey)
  const { lower, upper } = poissonBounds(totals.counts.denied)
  const perHour = (denied: number): number => (denied * 3600) / Math.max(1, totals.seconds)
  const figures = passFigures(passes)
  return {
    kind: 'watch',
    watches: [...watches],
    totals: { ...totals, counts: { ...totals.counts } },
    deniedPerNodeHour: { rate: perHour(totals.counts.denied), lower: perHour(lower), upper: perHour(upper) },
    findings: findings.length,
    ...(figures && { passes: figures }),
    disagreements: [...disagreements],
    unfinished: unfinished.map(({ node }) => node),
  }
}
