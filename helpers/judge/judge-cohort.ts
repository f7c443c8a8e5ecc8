/** Judges a cohort from the verdicts of its attempts. The trial is the attempt: flows of one attempt share their fate. */
import type { CohortEvent, EventOf } from '../history/event.ts'
import { lowerBound, upperBound } from '../statistics/binomial.ts'
import { quantile } from '../statistics/quantile.ts'
import type { AttemptVerdict } from './attempt-verdict.ts'
import type { CohortSummary } from './summary.ts'

type Valid = Extract<AttemptVerdict, { verdict: 'lost' | 'survived' }>
type Check = EventOf<'check'>

/** One-sided, as the bounds in the field's literature are stated (anchors). */
const confidence = 0.95

export function judgeCohort(
  cohort: CohortEvent,
  attempts: readonly AttemptVerdict[],
  checks: readonly Check[],
): CohortSummary {
  const race = attempts.filter(({ purpose }) => purpose === 'race')
  const valid = race.filter(isValid)
  const lostAttempts = valid.filter(({ verdict }) => verdict === 'lost').length
  const controls = [...controlsOf(attempts), ...checks.map(({ check, ok, saw }) => ({ control: check, ok, saw }))]
  const overRetention = attempts.filter(isValid).find(({ purpose }) => purpose === 'retention')?.retention
  const disagreements = attempts.filter(isValid).reduce((sum, attempt) => sum + attempt.disagreements.length, 0)
  const contrary = contraryBecause(cohort, valid, lostAttempts, attempts, overRetention)
  const inconclusive = inconclusiveBecause(cohort, attempts, valid, disagreements, checks)
  const { role, agent, window, trigger, flow, ip, idlePasses, expect } = cohort
  const attemptMs = quantilesOf(valid.map((attempt) => attempt.attemptMs))
  const windowMs = quantilesOf(valid.flatMap((attempt) => (attempt.windowMs === undefined ? [] : [attempt.windowMs])))
  return {
    role,
    agent,
    window,
    trigger,
    flow,
    ip,
    idlePasses,
    expect,
    verdict: contrary.length > 0 ? 'contrary' : inconclusive.length > 0 ? 'inconclusive' : 'as-expected',
    because: [...contrary, ...inconclusive],
    attempts: race.length,
    valid: valid.length,
    invalid: countReasons(race),
    lostAttempts,
    exposures: sum(valid, ({ exposures }) => exposures),
    lost: sum(valid, ({ lost }) => lost),
    lossProbability: {
      confidence,
      lower: lowerBound(lostAttempts, valid.length, confidence),
      upper: upperBound(lostAttempts, valid.length, confidence),
    },
    ...(attemptMs && { attemptMs }),
    ...(windowMs && { windowMs }),
    disagreements,
    controls,
    ...(overRetention && { overRetention }),
  }
}

const isValid = (attempt: AttemptVerdict): attempt is Valid => attempt.verdict !== 'invalid'
const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0)

/** What speaks against the expectation. One contrary attempt is enough: a race verdict is never retried. */
function contraryBecause(
  { expect }: CohortEvent,
  valid: readonly Valid[],
  lostAttempts: number,
  attempts: readonly AttemptVerdict[],
  overRetention: Valid['retention'],
): string[] {
  const survived = valid.length - lostAttempts
  return [
    ...(expect === 'survives' && lostAttempts > 0
      ? [`${lostAttempts} of ${valid.length} attempts lost a live flow`]
      : []),
    ...(expect === 'lost' && survived > 0 ? [`${survived} of ${valid.length} attempts lost nothing`] : []),
    ...controlAttempts(attempts).flatMap((attempt) =>
      attempt.verdict === 'lost' ? [`control ${attempt.purpose}: ${sawIn(attempt)}`] : [],
    ),
    ...(overRetention && overRetention.kept > 0
      ? [
          `over-retention: ${overRetention.kept} of ${overRetention.stale} stale entries are still there after ${overRetention.passes} compare passes`,
        ]
      : []),
  ]
}

function inconclusiveBecause(
  { iterations }: CohortEvent,
  attempts: readonly AttemptVerdict[],
  valid: readonly Valid[],
  disagreements: number,
  checks: readonly Check[],
): string[] {
  const commonest = Object.entries(countReasons(attempts.filter(({ purpose }) => purpose === 'race'))).toSorted(
    ([, a], [, b]) => b - a,
  )[0]
  return [
    ...(valid.length < iterations
      ? [`${valid.length} of ${iterations} attempts were valid${commonest ? `; most often: ${commonest[0]}` : ''}`]
      : []),
    ...controlAttempts(attempts).flatMap((attempt) =>
      attempt.verdict === 'invalid' ? [`control ${attempt.purpose}: ${sawIn(attempt)}`] : [],
    ),
    ...(disagreements > 0 ? [`client and datapath disagree about ${disagreements} flows`] : []),
    ...checks.flatMap(({ check, ok, saw }) => (ok ? [] : [`the instrument is blind: ${check}: ${saw}`])),
  ]
}

/** Controls that are attempts: nothing legitimate may be lost in them. */
const controlAttempts = (attempts: readonly AttemptVerdict[]): AttemptVerdict[] =>
  attempts.filter(({ purpose }) => purpose !== 'race' && purpose !== 'retention')

const controlsOf = (attempts: readonly AttemptVerdict[]): CohortSummary['controls'] =>
  controlAttempts(attempts).map((attempt) => ({
    control: attempt.purpose,
    ok: attempt.verdict === 'survived',
    saw: sawIn(attempt),
  }))

const sawIn = (attempt: AttemptVerdict): string =>
  attempt.verdict === 'invalid'
    ? `invalid: ${attempt.reason}: ${attempt.detail}`
    : `${attempt.lost} of ${attempt.exposures} flows lost`

function countReasons(attempts: readonly AttemptVerdict[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const attempt of attempts)
    if (attempt.verdict === 'invalid') counts[attempt.reason] = (counts[attempt.reason] ?? 0) + 1
  return counts
}

function quantilesOf(values: readonly number[]): { p50: number; p95: number } | undefined {
  const p50 = quantile(values, 0.5)
  const p95 = quantile(values, 0.95)
  return p50 === undefined || p95 === undefined ? undefined : { p50: round(p50), p95: round(p95) }
}

/** Microseconds are as fine as these durations are known. */
const round = (value: number): number => Math.round(value * 1000) / 1000
