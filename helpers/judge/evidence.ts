/** What the attempts of a cohort show: for or against the expectation, or too little; and the bounds, as they were stopped. */
import type { CohortEvent } from '../history/event.ts'
import { lowerBound, upperBound } from '../statistics/binomial.ts'
import { decide, sequentialBounds } from '../statistics/sequential.ts'
import type { AttemptVerdict } from './attempt-verdict.ts'

/** One-sided, as the bounds in the field's literature are stated (anchors). */
export const confidence = 0.95

export interface Evidence {
  /** Valid attempts in which at least one flow was lost: the races. */
  readonly lostAttempts: number
  readonly valid: number
  /** Why the subject is contrary. */
  readonly against: string | undefined
  /** Why nothing can be said yet. */
  readonly lacking: string | undefined
  /** Of the probability that an attempt loses. */
  readonly bounds: { readonly lower: number; readonly upper: number }
}

/** @param race the attempts at the race, in order */
export function weigh(cohort: CohortEvent, race: readonly AttemptVerdict[]): Evidence {
  const outcomes = race.flatMap(({ verdict }) => (verdict === 'invalid' ? [] : [verdict]))
  const valid = outcomes.length
  const lostAttempts = outcomes.filter((verdict) => verdict === 'lost').length
  const rest = cohort.sequential ? inTurn(cohort, lostAttempts, valid) : inAll(cohort, lostAttempts, valid)
  const lacking = rest.lacking && `${rest.lacking}${mostOften(race)}`
  return { lostAttempts, valid, ...rest, lacking }
}

type Weighed = Omit<Evidence, 'lostAttempts' | 'valid'>

const contraryOf = (expect: CohortEvent['expect'], lost: number, valid: number): number =>
  expect === 'survives' ? lost : valid - lost

const contraryWords = (expect: CohortEvent['expect'], contrary: number, valid: number): string =>
  `${contrary} of ${valid} attempts lost ${expect === 'survives' ? 'a live flow' : 'nothing'}`

/** A planned number of attempts: one contrary attempt is enough. A race verdict is never retried. */
function inAll({ expect, iterations }: CohortEvent, lost: number, valid: number): Weighed {
  const contrary = contraryOf(expect, lost, valid)
  return {
    against: contrary > 0 ? contraryWords(expect, contrary, valid) : undefined,
    lacking: valid < iterations ? `${valid} of ${iterations} attempts were valid` : undefined,
    bounds: { lower: lowerBound(lost, valid, confidence), upper: upperBound(lost, valid, confidence) },
  }
}

/** A sequential test. */
function inTurn({ expect, iterations, sequential: plan }: CohortEvent, lost: number, valid: number): Weighed {
  if (!plan) throw new TypeError('the cohort has no sequential test')
  const contrary = contraryOf(expect, lost, valid)
  const decision = decide(plan, contrary, valid)
  const { lower, upper } = sequentialBounds(plan, iterations, { contrary, attempts: valid }, confidence)
  return {
    against: decision === 'contrary' ? contraryWords(expect, contrary, valid) : undefined,
    lacking: decision === undefined ? `the sequential test came to no decision in ${valid} attempts` : undefined,
    bounds: expect === 'survives' ? { lower, upper } : { lower: 1 - upper, upper: 1 - lower },
  }
}

/** Attempts that showed nothing, by reason. */
export function countReasons(attempts: readonly AttemptVerdict[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const attempt of attempts)
    if (attempt.verdict === 'invalid') counts[attempt.reason] = (counts[attempt.reason] ?? 0) + 1
  return counts
}

function mostOften(race: readonly AttemptVerdict[]): string {
  const [reason] = Object.entries(countReasons(race)).toSorted(([, a], [, b]) => b - a)
  return reason ? `; most often: ${reason[0]}` : ''
}
