/** Judges a cohort from the verdicts of its attempts. Each attempt is one trial, because its flows are lost or kept together. */
import { cohortHead, type AgentIdentity, type CohortEvent, type EventOf } from '../history/event.ts'
import { isTrial, type Purpose } from '../schedule/schedule.ts'
import { windows } from '../windows.ts'
import { quantile } from '../statistics/quantile.ts'
import { naturalWidths, type AttemptVerdict, type LostInOtherWindows } from './attempt-verdict.ts'
import { confidence, countReasons, weigh, type Evidence } from './evidence.ts'
import { joinIdentities } from './identities.ts'
import { counted } from '../text.ts'
import { overRetentionText } from './retention.ts'
import type { CohortSummary } from './summary.ts'

type Valid = Extract<AttemptVerdict, { verdict: 'lost' | 'survived' }>
type Check = EventOf<'check'>

export function judgeCohort(
  cohort: CohortEvent,
  attempts: readonly AttemptVerdict[],
  checks: readonly Check[],
  agents: readonly (AgentIdentity & { readonly isReplacement?: true | undefined })[] = [],
): CohortSummary {
  const race = attempts.filter(({ purpose }) => isTrial(purpose))
  const valid = race.filter(isValid)
  const evidence = weigh(cohort, race)
  const controls = [...controlsOf(attempts), ...checks.map(({ check, ok, saw }) => ({ control: check, ok, saw }))]
  const retentions = attempts.filter(isValid).flatMap(({ retention }) => retention ?? [])
  // If there are several, e.g. in joined runs, report one that contradicts the expectation.
  const overRetention = retentions.find(({ kept }) => kept > 0) ?? retentions[0]
  const disagreements = attempts.filter(isValid).reduce((sum, attempt) => sum + attempt.disagreements.length, 0)
  const isProven = cohort.expect === 'survives' || showsNoLoss(valid, checks)
  const contrary = contraryBecause(isProven ? evidence.against : undefined, attempts, overRetention)
  const { identity, unlike } = joinIdentities(agents.filter(({ isReplacement }) => !isReplacement))
  const replacedBy = agents.filter(({ isReplacement }) => isReplacement)
  const inconclusive = [
    ...(unlike === undefined ? [] : [unlike]),
    ...possibleLosses(race),
    ...missingAttempts(race),
    ...(valid.length === 0 && !cohort.comparedBySpec ? ['no attempt was valid'] : []),
    ...inconclusiveBecause(evidence, attempts, disagreements, checks),
  ]
  const lostInOtherWindows = lossesInOtherWindows(valid)
  const attemptMs = quantilesOf(valid.map((attempt) => attempt.attemptMs))
  const windowMs = quantilesOf(valid.flatMap((attempt) => (attempt.windowMs === undefined ? [] : [attempt.windowMs])))
  const predictionErrorMs = quantilesOf(
    race.flatMap(({ predictionErrorMs: error }) => (error === undefined ? [] : [Math.abs(error)])),
  )
  return {
    ...cohortHead.parse(cohort),
    ...identity,
    ...(replacedBy.length > 0 && {
      replacedBy: replacedBy.map(({ mapLayout, ownMapLayout, build }) => ({
        mapLayout,
        ...(ownMapLayout !== undefined && { ownMapLayout }),
        ...(build && { build }),
      })),
    }),
    verdict: contrary.length > 0 ? 'contrary' : inconclusive.length > 0 ? 'inconclusive' : 'as-expected',
    because: [...contrary, ...inconclusive],
    attempts: race.length,
    valid: valid.length,
    invalid: countReasons(race),
    lostAttempts: evidence.lostAttempts,
    exposures: sum(valid, ({ exposures }) => exposures),
    lost: sum(valid, ({ lost }) => lost),
    ...(Object.keys(lostInOtherWindows).length > 0 && { lostInOtherWindows }),
    lossProbability: { confidence, ...evidence.bounds },
    ...(attemptMs && { attemptMs }),
    ...(windowMs && { windowMs }),
    ...(predictionErrorMs && { predictionErrorMs }),
    ...naturalOf(attempts.filter(isValid)),
    disagreements,
    controls,
    ...(overRetention && { overRetention }),
  }
}

const isValid = (attempt: AttemptVerdict): attempt is Valid => attempt.verdict !== 'invalid'
const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0)

const lossesInOtherWindows = (attempts: readonly Valid[]): LostInOtherWindows =>
  Object.fromEntries(
    windows.flatMap((window) => {
      const lost = sum(attempts, ({ lostInOtherWindows }) => lostInOtherWindows[window] ?? 0)
      return lost > 0 ? [[window, lost]] : []
    }),
  )

/** "Nothing was lost" is proven only if the run would have seen a loss, and no witness saw one. A loss needs no further proof. */
const showsNoLoss = (race: readonly Valid[], checks: readonly Check[]): boolean =>
  checks.every(({ ok }) => ok) &&
  race.some(({ verdict, disagreements }) => verdict === 'survived' && disagreements.length === 0)

/** Returns the reasons why the cohort contradicts the expectation. */
const contraryBecause = (
  against: string | undefined,
  attempts: readonly AttemptVerdict[],
  overRetention: Valid['retention'],
): string[] => [
  ...(against === undefined ? [] : [against]),
  ...controlAttempts(attempts).flatMap((attempt) =>
    attempt.verdict === 'lost' ? [`control ${attempt.purpose}: ${resultText(attempt)}`] : [],
  ),
  ...(overRetention && overRetention.kept > 0 ? [overRetentionText(overRetention)] : []),
]

/** Returns the reasons why the cohort is inconclusive. */
const inconclusiveBecause = (
  { lacking }: Evidence,
  attempts: readonly AttemptVerdict[],
  disagreements: number,
  checks: readonly Check[],
): string[] => [
  ...(lacking === undefined ? [] : [lacking]),
  ...attempts.flatMap((attempt) =>
    attempt.verdict === 'invalid' && isControl(attempt) ? [`control ${attempt.purpose}: ${resultText(attempt)}`] : [],
  ),
  ...(disagreements > 0 ? [`the witnesses disagree about ${counted(disagreements, 'flow')}`] : []),
  ...checks.flatMap(({ check, ok, saw }) => (ok ? [] : [`the instrument does not work: check ${check}: ${saw}`])),
]

/** Reports the attempts that no other attempt may replace, by reason. */
function possibleLosses(race: readonly AttemptVerdict[]): string[] {
  const doubtful = race.filter((attempt) => attempt.verdict === 'invalid' && attempt.mayHaveLost)
  return Object.entries(countReasons(doubtful)).map(
    ([reason, count]) => `${counted(count, 'attempt')} may have lost a flow: ${reason}`,
  )
}

/** Reports attempts without any event in the history. Attempts are numbered from 1, so they show as gaps in the numbers. */
function missingAttempts(race: readonly AttemptVerdict[]): string[] {
  return [...Map.groupBy(race, ({ purpose }) => purpose)].flatMap(([purpose, attempts]) => {
    const numbers = new Set(attempts.map(({ number }) => number))
    const missing = Math.max(...numbers) - numbers.size
    return missing > 0 ? [`${counted(missing, `${purpose} attempt`)} left nothing in the history`] : []
  })
}

/** Purposes that are not controls: trials, measurements, and comparisons with the model. */
const notControls: ReadonlySet<Purpose> = new Set(['race', 'schedule', 'model', 'retention', 'window'])

/** A test of retention is a control too, although nothing can be lost in it. */
const isControl = ({ purpose }: AttemptVerdict): boolean => purpose === 'retention' || !notControls.has(purpose)

/** Selects the attempts that are controls. They must not lose a legitimate flow. */
const controlAttempts = (attempts: readonly AttemptVerdict[]): AttemptVerdict[] =>
  attempts.filter(({ purpose }) => !notControls.has(purpose))

const controlsOf = (attempts: readonly AttemptVerdict[]): CohortSummary['controls'] =>
  controlAttempts(attempts).map((attempt) => ({
    control: attempt.purpose,
    ok: attempt.verdict === 'survived',
    saw: resultText(attempt),
  }))

const resultText = (attempt: AttemptVerdict): string =>
  attempt.verdict === 'invalid'
    ? `invalid: ${attempt.reason}: ${attempt.detail}`
    : `${attempt.lost} of ${attempt.exposures} flows lost`

function quantilesOf(values: readonly number[]): { p50: number; p95: number } | undefined {
  const p50 = quantile(values, 0.5)
  const p95 = quantile(values, 0.95)
  return p50 === undefined || p95 === undefined ? undefined : { p50: round(p50), p95: round(p95) }
}

/** Returns the measurements of attempts in which the agent was not held, if there are any. */
function naturalOf(attempts: readonly Valid[]): Pick<CohortSummary, 'naturalWindowMs'> {
  const all = attempts.flatMap(({ natural }) => natural ?? [])
  if (all.length === 0) return {}
  const measured = naturalWidths.flatMap((width) => {
    const quantiles = quantilesOf(all.flatMap((widths) => widths[width]))
    return quantiles ? [[width, quantiles] as const] : []
  })
  return { naturalWindowMs: Object.fromEntries(measured) }
}

/** Rounds milliseconds to whole microseconds, because the durations are not known more exactly. */
const round = (value: number): number => Math.round(value * 1000) / 1000
