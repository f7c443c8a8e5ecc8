/** Prints the last lines of a run: what was seen, what it means, and what to do next. */
import { overRetentionText } from '../judge/retention.ts'
import type { CohortSummary, Summary } from '../judge/summary.ts'
import { observationWords } from '../observation.ts'
import { argument } from './argument.ts'
import { percent, printable, shortTime } from '../text.ts'
import { foreignMapText } from './foreign-map-text.ts'
import { clusterLines, verdictMark } from './cohort-text.ts'

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - text.length))

function cohortLine(cohort: CohortSummary, agentWidth: number): string {
  if (cohort.attempts === 0 && cohort.verdict === 'as-expected')
    return ` ${verdictMark[cohort.verdict]} ${cohort.cohort}`
  const { lossProbability: p, valid, lostAttempts, lost, exposures, attemptMs } = cohort
  const attempts = `${String(lostAttempts).padStart(3)} of ${valid} attempts lost`
  const flows = `${lost}/${exposures} flows`.padStart(16)
  const bound = lostAttempts > 0 ? `p ≥ ${percent(p.lower)}` : `p ≤ ${percent(p.upper)}`
  const each = attemptMs ? `${shortTime(Math.round(attemptMs.p50))} each` : ''
  return ` ${verdictMark[cohort.verdict]} ${pad(cohort.agent, agentWidth)}  ${pad(cohort.window, 14)}  ${pad(cohort.role, 7)}  ${attempts} ${flows}   ${pad(bound, 9)}  ${each}`.trimEnd()
}

/** Says what was built, if the agent is the real one. */
const buildLines = ({ replacedBy = [], ...first }: CohortSummary): string[] => [
  ...buildLine(first, ''),
  ...replacedBy.flatMap((next) => buildLine(next, 'replaced by ')),
]

const buildLine = (
  { mapLayout, ownMapLayout, build }: Pick<CohortSummary, 'mapLayout' | 'ownMapLayout' | 'build'>,
  before: string,
): string[] =>
  build
    ? [
        `     ${before}${[
          build.version,
          ...(build.commit === undefined ? [] : [build.commit.slice(0, 12)]),
          ...(build.dirty ? ['dirty'] : []),
          `map ${mapLayout}${foreignMapText({ mapLayout, ownMapLayout, build })}`,
          build.go,
          `clang ${build.clang}`,
          ...(build.binary === undefined ? [] : [`program ${build.binary.slice(0, 12)}`]),
          ...build.goReplace.map((replace) => `with ${replace}`),
          ...(build.ownTimer === undefined ? [] : [`on its own timer, because ${build.ownTimer}`]),
        ].join(' · ')}`,
      ]
    : []

const naturalLines = ({ naturalWindowMs = {} }: CohortSummary): string[] =>
  Object.entries(naturalWindowMs).map(
    ([window, { p50, p95 }]) => `     agent not held, ${window}: median ${shortTime(p50)}, p95 ${shortTime(p95)}`,
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

/** Returns the lines. @param folder the results folder, as the user sees it */
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
      ...clusterLines(cohort).map((line) => `     ${line}`),
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
    ` run again: ${summary.replay}`,
    ` ${folder}/report.html`,
  ].map(printable)
}
