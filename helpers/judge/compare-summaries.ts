/** Compares two runs, e.g. before and after a fix: which cohorts they have in common, and whether one loses more often. */
import type { CohortSummary, Summary } from './summary.ts'

export interface ComparedCohort {
  /** What both have in common: role, window, flow, IP version, trigger. */
  readonly what: string
  readonly before: CohortSummary
  readonly after: CohortSummary
  readonly change: 'loses less' | 'loses more' | 'no difference shown'
}

export interface Comparison {
  readonly cohorts: readonly ComparedCohort[]
  /** Cohorts that only one of the runs has, or that one has more than once. */
  readonly unmatched: readonly string[]
}

/**
 * A change is shown if the intervals of the two probabilities of loss do not overlap. Each bound has 95 % confidence, so two equal agents differ by
 * chance in less than one comparison of twenty.
 */
export function compareSummaries(before: Summary, after: Summary): Comparison {
  const [ofBefore, ofAfter] = [before, after].map((summary) => Map.groupBy(summary.cohorts, whatOf))
  const names = [...new Set([...(ofBefore?.keys() ?? []), ...(ofAfter?.keys() ?? [])])]
  const cohorts = names.flatMap((what): ComparedCohort[] => {
    const [one = [], other = []] = [ofBefore?.get(what), ofAfter?.get(what)]
    const [first, second] = [one[0], other[0]]
    if (!first || !second || one.length > 1 || other.length > 1) return []
    return [{ what, before: first, after: second, change: changeOf(first, second) }]
  })
  const matched = new Set(cohorts.map(({ what }) => what))
  return { cohorts, unmatched: names.filter((name) => !matched.has(name)) }
}

/** Everything but the agent, which is what two runs differ in. */
const whatOf = ({ role, window, flow, ip, trigger, schedule }: CohortSummary): string =>
  `${role} · ${window} · ${flow} · IPv${ip} · trigger ${trigger} · ${schedule}`

function changeOf(before: CohortSummary, after: CohortSummary): ComparedCohort['change'] {
  if (before.valid === 0 || after.valid === 0) return 'no difference shown'
  const [one, other] = [before.lossProbability, after.lossProbability]
  if (other.upper < one.lower) return 'loses less'
  return other.lower > one.upper ? 'loses more' : 'no difference shown'
}
