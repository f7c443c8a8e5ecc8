/** Says how two runs differ (`npa-race report BEFORE AFTER`). */
import { compareSummaries } from '../judge/compare-summaries.ts'
import type { CohortSummary, Summary } from '../judge/summary.ts'
import { percent } from '../text.ts'

export function compareLines(before: Summary, after: Summary): string[] {
  const { cohorts, unmatched } = compareSummaries(before, after)
  const difference = otherDifference(before, after)
  return [
    `verdict: ${before.verdict} → ${after.verdict}`,
    ...(difference === undefined ? [] : [difference]),
    ...cohorts.flatMap(({ what, before: one, after: other, change }) => [
      '',
      what,
      `  ${one.agent}: ${countsOf(one)}`,
      `  ${other.agent}: ${countsOf(other)}`,
      `  ${change === 'no difference shown' ? `${change}: make more attempts, or there is none` : `${other.agent} ${change} often than ${one.agent}`}`,
    ]),
    ...unmatched.map((what) => `\nonly in one of the runs, or more than once: ${what}`),
  ]
}

/** @returns a warning if the runs were made on different targets or kernels */
export const otherDifference = (before: Summary, after: Summary): string | undefined =>
  before.kernel === after.kernel && before.target === after.target
    ? undefined
    : `the runs differ in more than the agent: ${where(before)} → ${where(after)}`

const where = ({ target, kernel }: Summary): string => `${target}, Linux ${kernel}`

const countsOf = ({ valid, lostAttempts, lost, exposures, lossProbability: { lower, upper } }: CohortSummary): string =>
  valid === 0
    ? 'no valid attempt'
    : `${lostAttempts} of ${valid} attempts lost (${lost} of ${exposures} flows); probability of loss ${percent(lower)} to ${percent(upper)}`
