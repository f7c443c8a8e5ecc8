/** Weighs the attempts of a cohort: do they support the expectation, contradict it, or show too little? Also computes the bounds. */
import type { CohortEvent } from '../history/event.ts'
import { lowerBound, upperBound } from '../statistics/binomial.ts'
import { decide, sequentialBounds } from '../statistics/sequential.ts'
import { counted } from '../text.ts'
import type { AttemptVerdict } from './attempt-verdict.ts'

/** One-sided confidence, as usual in the literature. */
export const confidence = 0.95

export interface Evidence {
  /** Number of valid attempts in which at least one flow was lost. */
  readonly lostAttempts: number
  readonly valid: number
  /** Why the cohort contradicts the expectation. Undefined if it does not. */
  readonly against: string | undefined
  /** Why there is not enough evidence. Undefined if there is. */
  readonly lacking: string | undefined
  /** Bounds on the probability that an attempt loses a flow. */
  readonly bounds: { readonly lower: number; readonly upper: number }
}

/** Weighs the attempts. @param race the attempts at the race, in order */
export function weigh(cohort: CohortEvent, race: readonly AttemptVerdict[]): Evidence {
  const outcomes = race.flatMap(({ verdict }) => (verdict === 'invalid' ? [] : [verdict]))
  const valid = outcomes.length
  const lostAttempts = outcomes.filter((verdict) => verdict === 'lost').length
  const rest = cohort.sequential
    ? weighSequential(cohort, lostAttempts, valid)
    : weighFixed(cohort, lostAttempts, valid)
  const lacking = rest.lacking && `${rest.lacking}${mostFrequentReason(race)}`
  return { lostAttempts, valid, ...rest, lacking }
}

type Weighed = Omit<Evidence, 'lostAttempts' | 'valid'>

const contraryOf = (expect: CohortEvent['expect'], lost: number, valid: number): number =>
  expect === 'survives' ? lost : valid - lost

const contraryWords = (expect: CohortEvent['expect'], contrary: number, valid: number): string =>
  `${contrary} of ${valid} attempts lost ${expect === 'survives' ? 'a live flow' : 'nothing'}`

/** Weighs a planned number of attempts. One contrary attempt is enough to decide, because a race is never retried. */
function weighFixed({ expect, iterations }: CohortEvent, lost: number, valid: number): Weighed {
  const contrary = contraryOf(expect, lost, valid)
  return {
    against: contrary > 0 ? contraryWords(expect, contrary, valid) : undefined,
    lacking: valid < iterations ? `only ${counted(valid, 'valid attempt')}; ${iterations} were planned` : undefined,
    bounds: { lower: lowerBound(lost, valid, confidence), upper: upperBound(lost, valid, confidence) },
  }
}

/** Weighs the attempts of a sequential test. */
function weighSequential({ expect, iterations, sequential: plan }: CohortEvent, lost: number, valid: number): Weighed {
  if (!plan) throw new TypeError('bug: the cohort has no sequential test')
  const contrary = contraryOf(expect, lost, valid)
  const decision = decide(plan, contrary, valid)
  const { lower, upper } = sequentialBounds(plan, iterations, { contrary, attempts: valid }, confidence)
  return {
    against: decision === 'contrary' ? contraryWords(expect, contrary, valid) : undefined,
    lacking: decision === undefined ? `the sequential test came to no decision in ${valid} attempts` : undefined,
    bounds: expect === 'survives' ? { lower, upper } : { lower: 1 - upper, upper: 1 - lower },
  }
}

/** Counts the invalid attempts by reason. */
export function countReasons(attempts: readonly AttemptVerdict[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const attempt of attempts)
    if (attempt.verdict === 'invalid') counts[attempt.reason] = (counts[attempt.reason] ?? 0) + 1
  return counts
}

function mostFrequentReason(race: readonly AttemptVerdict[]): string {
  const [reason] = Object.entries(countReasons(race)).toSorted(([, a], [, b]) => b - a)
  return reason ? `; most often: ${reason[0]}` : ''
}
