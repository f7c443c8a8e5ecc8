/** Judges a run: computes the summary from the events of its history. The same history always gives the same bytes. */
import { byType } from '../history/by-type.ts'
import type { AttemptEvent, CohortEvent, EventOf, HistoryEvent } from '../history/event.ts'
import type { History } from '../history/read-history.ts'
import type { AttemptVerdict } from './attempt-verdict.ts'
import { counted } from '../text.ts'
import { UserError } from '../user-error.ts'
import { judgeAttempt } from './judge-attempt.ts'
import { judgeCohort } from './judge-cohort.ts'
import { exitCodes, type CohortSummary, type Summary } from './summary.ts'

/** Judges a run. @throws UserError if the first event of the history is not `run` */
export function judgeRun(history: History): Summary {
  const summary = judgeEvents(history)
  const { unreadableLines = 0 } = history
  if (unreadableLines === 0) return summary
  // A line that cannot be read may have been a loss.
  const verdict = summary.verdict === 'pass' ? 'inconclusive' : summary.verdict
  const because = [`${counted(unreadableLines, 'line')} of the history cannot be read`, ...summary.because]
  return { ...summary, verdict, exitCode: exitCodes[verdict], because }
}

function judgeEvents({ events, cutShort }: History): Summary {
  const first = events[0]
  if (first?.type !== 'run')
    throw new UserError(
      'the history does not begin with an event of type "run": it was not written by npa-race, or its first line is missing',
    )
  const of = byType(events)
  const attempts = judgeAttempts(events)
  const cohorts = of('cohort').map((cohort) =>
    judgeCohort(
      cohort,
      attempts.filter((attempt) => attempt.cohort === cohort.cohort),
      of('check').filter((check) => check.cohort === cohort.cohort),
      of('agent').filter((agent) => agent.cohort === cohort.cohort),
    ),
  )
  const end = of('run.end')[0]
  const { target } = first.environment
  const judgement = { cohorts, failures: of('run.failed'), end, cutShort, target, unjudged: unjudged(events) }
  const { verdict, because } = conclude(judgement)
  return {
    schemaVersion: 1,
    verdict,
    exitCode: exitCodes[verdict],
    because,
    target,
    kernel: first.environment.kernel,
    startedAt: first.startedAt,
    durationMs: end?.durationMs ?? 0,
    cohorts,
    replay: first.replay,
  }
}

/** Judges all attempts of a history, in the order of their first events. */
function judgeAttempts(events: readonly HistoryEvent[]): AttemptVerdict[] {
  const cohorts = new Map(
    events.flatMap((event): [string, CohortEvent][] => (event.type === 'cohort' ? [[event.cohort, event]] : [])),
  )
  return byAttempt(events).flatMap((ofOne) => {
    const begin = beginOf(ofOne)
    const cohort = begin && cohorts.get(begin.cohort)
    return cohort ? [judgeAttempt(ofOne, cohort)] : []
  })
}

const byAttempt = (events: readonly HistoryEvent[]): AttemptEvent[][] => [
  ...Map.groupBy(events.filter(isOfAttempt), ({ attempt }) => attempt).values(),
]

const beginOf = (events: readonly AttemptEvent[]): EventOf<'attempt.begin'> | undefined =>
  events.find((event) => event.type === 'attempt.begin')

/** Counts the attempts that cannot be judged, because their beginning or their cohort is missing in the history. */
function unjudged(events: readonly HistoryEvent[]): number {
  const cohorts = new Set(events.flatMap((event) => (event.type === 'cohort' ? [event.cohort] : [])))
  return byAttempt(events).filter((ofOne) => !cohorts.has(beginOf(ofOne)?.cohort ?? '')).length
}

const isOfAttempt = (event: HistoryEvent): event is AttemptEvent => 'attempt' in event

type Conclusion = Pick<Summary, 'verdict' | 'because'>

interface Judgement {
  readonly cohorts: readonly CohortSummary[]
  readonly failures: readonly EventOf<'run.failed'>[]
  readonly end: EventOf<'run.end'> | undefined
  readonly cutShort: boolean
  readonly target: Summary['target']
  /** Number of attempts that cannot be judged. */
  readonly unjudged: number
}

function conclude({ cohorts, failures, end, cutShort, target, unjudged: damaged }: Judgement): Conclusion {
  const name = ({ role, agent, window }: CohortSummary): string => `${role} ${agent} ${window}`
  const reasons = (some: readonly CohortSummary[]): string[] =>
    some.flatMap((cohort) => cohort.because.map((why) => `${name(cohort)}: ${why}`))
  const subjects = cohorts.filter(({ role }) => role === 'subject')
  const controls = cohorts.filter(({ role }) => role === 'control')
  const contrary = subjects.filter(({ verdict }) => verdict === 'contrary')
  const failedTests = end?.failedTests ?? []
  // Parallel attempts fail for the same reason: report it once.
  const failed = [...new Set(failures.map(({ during, error }) => `${during}: ${error}`))]
  if (end?.reason === 'interrupted') return { verdict: 'interrupted', because: ['the run was interrupted'] }
  // If the subject could not be set up, the verdict is an error, even if other cohorts ran.
  if (failures.length > 0 && subjects.every(({ attempts }) => attempts === 0))
    return { verdict: 'error', because: failed }
  const cut = end === undefined || cutShort ? ['the history has no end: the run was cut short'] : []
  if (contrary.length > 0 || failedTests.length > 0)
    return {
      verdict: 'fail',
      because: [...cut, ...reasons(contrary), ...failedTests.map((test) => `a test failed: ${test}`)],
    }
  const doubts = [
    ...cut,
    ...(damaged > 0
      ? [`${counted(damaged, 'attempt')} cannot be judged: its beginning or its cohort is missing in the history`]
      : []),
    ...failed,
    ...(subjects.length === 0 ? ['the run has no subject'] : []),
    // A run on a cluster may have no control. The report then says so.
    ...(target === 'lab' && needsControl(subjects, controls)
      ? ['no positive control was run, so it is not known whether this machine would have shown the race']
      : []),
    ...reasons(subjects),
    ...reasons(controls),
  ]
  return doubts.length > 0 ? { verdict: 'inconclusive', because: doubts } : { verdict: 'pass', because: [] }
}

/** Whether a positive control is missing. "Nothing was lost" means something only if a loss would have been seen. A loss needs no control. */
const needsControl = (subjects: readonly CohortSummary[], controls: readonly CohortSummary[]): boolean =>
  subjects.some(({ expect, attempts }) => expect === 'survives' && attempts > 0) && controls.length === 0
