/** The last lines of a run, in words: what was seen, what it means, and what to do next. */
import { overRetentionText } from '../judge/retention.ts'
import type { CohortSummary, Summary } from '../judge/summary.ts'
import { observationWords } from '../observation.ts'
import { argument } from './argument.ts'
import { percent, printable, shortTime } from '../text.ts'
import { clusterWords } from './cluster-words.ts'

const mark = { 'as-expected': '✓', contrary: '✗', inconclusive: '?' } as const

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - text.length))

function cohortLine(cohort: CohortSummary, agentWidth: number): string {
  if (cohort.attempts === 0 && cohort.verdict === 'as-expected') return ` ${mark[cohort.verdict]} ${cohort.cohort}`
  const { lossProbability: p, valid, lostAttempts, lost, exposures, attemptMs } = cohort
  const attempts = `${String(lostAttempts).padStart(3)} of ${valid} attempts lost`
  const flows = `${lost}/${exposures} flows`.padStart(16)
  const bound = lostAttempts > 0 ? `p ≥ ${percent(p.lower)}` : `p ≤ ${percent(p.upper)}`
  const each = attemptMs ? `${shortTime(Math.round(attemptMs.p50))} each` : ''
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
    ([window, { p50, p95 }]) => `     not held, ${window}: median ${shortTime(p50)}, p95 ${shortTime(p95)}`,
  )

function invalidLines({ invalid, attempts, valid }: CohortSummary): string[] {
  return Object.entries(invalid).map(
    ([reason, count]) => `     ${count} of ${attempts} attempts invalid (${valid} valid): ${reason}`,
  )
}

const controlLines = ({ controls }: CohortSummary): string[] =>
  controls.flatMap(({ control, ok, saw }) => (ok ? [] : [`     control ${control}: ${saw}`]))

const retentionLines = ({ overRetention: kept }: CohortSummary): string[] =>
  kept && kept.kept > 0 ? [`     ${overRetentionText(kept)}`] : []

/** One line for each way in which the agents were observed. */
const observationLines = (cohorts: readonly CohortSummary[]): string[] =>
  [...new Set(cohorts.flatMap(({ observed }) => observed ?? []))].map(
    (observed) => ` observed ${observationWords[observed]}`,
  )

/** @param folder where the results stand, for people */
export function summaryLines(summary: Summary, folder: string): string[] {
  const { cohorts, verdict } = summary
  const first = cohorts.find(({ role }) => role === 'subject') ?? cohorts[0]
  const head = [
    'conntrack race',
    summary.target,
    `Linux ${summary.kernel}`,
    ...(first ? [first.trigger, first.flow, `IPv${first.ip}`] : []),
  ]
  const agentWidth = Math.max(...cohorts.map(({ agent }) => agent.length), 0)
  const words = argument(summary)
  const label = verdict.toUpperCase()
  return [
    ` ${head.join(' · ')}`,
    '',
    ...cohorts.flatMap((cohort) => [
      cohortLine(cohort, agentWidth),
      ...buildLines(cohort),
      ...clusterWords(cohort).map((line) => `     ${line}`),
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
    ...observationLines(cohorts),
    ` again: ${summary.replay}`,
    ` ${folder}/report.html`,
  ].map(printable)
}
