/** The last lines of a run, in words: what was seen, what it means, and what to do next. */
import { attemptsFor } from '../statistics/binomial.ts'
import type { CohortSummary, Summary } from '../judge/summary.ts'

/** A percentage that never rounds to a claim of certainty. */
const percent = (probability: number): string => {
  const value = probability * 100
  if (value > 0 && value < 1) return `${value.toFixed(1)} %`
  return `${Math.round(value)} %`
}

const mark = { 'as-expected': '✓', contrary: '✗', inconclusive: '?' } as const

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - text.length))

function cohortLine(cohort: CohortSummary, agentWidth: number): string {
  if (cohort.attempts === 0 && cohort.verdict === 'as-expected') return ` ${mark[cohort.verdict]} ${cohort.cohort}`
  const { lossProbability: p, valid, lostAttempts, lost, exposures, attemptMs } = cohort
  const attempts = `${String(lostAttempts).padStart(3)} of ${valid} attempts lost`
  const flows = `${lost}/${exposures} flows`.padStart(16)
  const bound = lostAttempts > 0 ? `p ≥ ${percent(p.lower)}` : `p ≤ ${percent(p.upper)}`
  const each = attemptMs ? `${Math.round(attemptMs.p50)} ms each` : ''
  return ` ${mark[cohort.verdict]} ${pad(cohort.agent, agentWidth)}  ${pad(cohort.window, 14)}  ${pad(cohort.role, 7)}  ${attempts} ${flows}   ${pad(bound, 9)}  ${each}`.trimEnd()
}

/** What was built, where it is the real agent. */
const buildLines = ({ mapLayout, build }: CohortSummary): string[] =>
  build
    ? [
        `     ${[
          build.version,
          ...(build.commit === undefined ? [] : [build.commit.slice(0, 12)]),
          ...(build.dirty ? ['dirty'] : []),
          `map ${mapLayout}`,
          build.go,
          `clang ${build.clang}`,
          ...build.goReplace.map((replace) => `with ${replace}`),
        ].join(' · ')}`,
      ]
    : []

const naturalLines = ({ naturalWindowMs = {} }: CohortSummary): string[] =>
  Object.entries(naturalWindowMs).map(
    ([window, { p50, p95 }]) => `     not held, ${window}: median ${milliseconds(p50)}, p95 ${milliseconds(p95)}`,
  )

const milliseconds = (value: number): string => `${value.toPrecision(3)} ms`

function invalidLines({ invalid, attempts, valid }: CohortSummary): string[] {
  return Object.entries(invalid).map(
    ([reason, count]) => `     ${count} of ${attempts} attempts invalid (${valid} valid): ${reason}`,
  )
}

const controlLines = ({ controls }: CohortSummary): string[] =>
  controls.flatMap(({ control, ok, saw }) => (ok ? [] : [`     control ${control}: ${saw}`]))

const retentionLines = ({ overRetention: kept }: CohortSummary): string[] =>
  kept && kept.kept > 0
    ? [
        `     over-retention: ${kept.kept} of ${kept.stale} stale entries still in the map after ${kept.passes} compare passes`,
      ]
    : []

/** What the control has shown, and what the subject has. */
function meaning({ cohorts }: Summary): string[] {
  return cohorts.flatMap((cohort) => {
    if (cohort.valid === 0) return []
    const who = cohort.role === 'control' ? 'The control' : 'The subject'
    if (cohort.lostAttempts === 0)
      return [
        `${who} lost nothing: with ${percent(cohort.lossProbability.confidence)} confidence it loses in at most ${percent(cohort.lossProbability.upper)} of such windows.`,
      ]
    const often =
      cohort.lostAttempts === cohort.valid
        ? 'in every attempt'
        : `in ${cohort.lostAttempts} of ${cohort.valid} attempts`
    const shows =
      cohort.role === 'control'
        ? 'this machine shows the race when it is there.'
        : `THE RACE IS THERE: a live flow's map entry was deleted, and its reply was dropped. With ${percent(cohort.lossProbability.confidence)} confidence it loses in at least ${percent(cohort.lossProbability.lower)} of such windows.`
    return [`${who} lost ${often}: ${shows}`]
  })
}

/** More clean attempts bound the probability closer. */
function advice({ cohorts, verdict }: Summary): string[] {
  const clean =
    verdict === 'pass' &&
    cohorts.some(({ role, lostAttempts, sequential }) => role === 'subject' && lostAttempts === 0 && !sequential)
  return clean
    ? [`More attempts bound it closer: RACE_ITERATIONS=${attemptsFor(0.05)} gives 5 %, ${attemptsFor(0.01)} gives 1 %.`]
    : []
}

/** @param folder where the results stand, for people */
export function summaryLines(summary: Summary, folder: string): string[] {
  const { cohorts, verdict } = summary
  const first = cohorts[0]
  const head = [
    'conntrack race',
    summary.target,
    `Linux ${summary.kernel}`,
    ...(first ? [first.trigger, first.flow, `IPv${first.ip}`] : []),
  ]
  const agentWidth = Math.max(...cohorts.map(({ agent }) => agent.length), 0)
  // Cohorts of one kind that came out alike are spoken of once.
  const words = [
    ...new Set([
      ...meaning(summary),
      ...summary.because.map((why) => `${verdict === 'pass' ? '' : 'Because: '}${why}`),
      ...advice(summary),
    ]),
  ]
  const label = verdict.toUpperCase()
  return [
    ` ${head.join(' · ')}`,
    '',
    ...cohorts.flatMap((cohort) => [
      cohortLine(cohort, agentWidth),
      ...buildLines(cohort),
      ...invalidLines(cohort),
      ...controlLines(cohort),
      ...retentionLines(cohort),
      ...naturalLines(cohort),
    ]),
    '',
    ...(words.length === 0 ? [''] : words).map((line, index) =>
      ` ${index === 0 ? label : ' '.repeat(label.length)}  ${line}`.trimEnd(),
    ),
    '',
    ` again: ${summary.replay}`,
    ` ${folder}`,
  ]
}
