/** What a run means, in sentences. Never that the race is gone: only what was not seen, and what that bounds. */
import type { CohortSummary, Summary } from '../judge/summary.ts'
import { counted, percent } from '../text.ts'
import { attemptsFor } from '../statistics/binomial.ts'

/** Cohorts of one kind that came out alike are spoken of once. */
export function argument(summary: Summary): string[] {
  const because = summary.because.map((why) => `${summary.verdict === 'pass' ? '' : 'Because: '}${why}`)
  return [
    ...new Set([
      ...summary.cohorts.flatMap((cohort) => meaning(cohort, summary)),
      ...clusterCaveats(summary),
      ...because,
      ...advice(summary),
    ]),
  ]
}

/** What a cluster leaves open that the lab does not. */
function clusterCaveats({ target, cohorts }: Summary): string[] {
  const subjects = cohorts.filter(({ role, valid }) => role === 'subject' && valid > 0)
  if (target === 'lab' || subjects.length === 0) return []
  return [
    ...(cohorts.some(({ role, valid }) => role === 'control' && valid > 0)
      ? []
      : ['No positive control was run: nothing but the exposures themselves shows that a loss would have been seen.']),
    ...(subjects.some(({ access }) => access?.level === 'workload')
      ? [
          'Nobody looked at the node: what was exposed and lost is told by the client and by the agent’s own log, and by no third witness.',
        ]
      : []),
  ]
}

/** What the control has shown, and what the subject has. */
function meaning(cohort: CohortSummary, { cohorts, target }: Summary): string[] {
  const { role, valid, lostAttempts, exposures, lossProbability: p } = cohort
  if (valid === 0) return []
  const who = role === 'control' ? 'The control' : 'The subject'
  if (lostAttempts === 0) {
    const seen = `${who} lost nothing in ${counted(valid, 'attempt')} (${counted(exposures, 'exposure')}; those of one attempt share their fate)`
    return [
      `${seen}: with ${percent(p.confidence)} confidence it loses in at most ${percent(p.upper)} of such windows, under this timing${caught(cohorts)}.`,
    ]
  }
  const often = lostAttempts === valid ? 'in every attempt' : `in ${lostAttempts} of ${valid} attempts`
  const shows =
    role === 'control'
      ? target === 'lab'
        ? 'this machine shows the race when it is there.'
        : 'the instrument shows the race when it is there. It ran in the lab of this machine, and not on the cluster: nobody’s node gets a second cleanup.'
      : `THE RACE IS THERE: a live flow's map entry was deleted, and its reply was dropped. With ${percent(p.confidence)} confidence it loses in at least ${percent(p.lower)} of such windows.`
  return [`${who} lost ${often}: ${shows}`]
}

function caught(cohorts: readonly CohortSummary[]): string {
  const control = cohorts.find(({ role, valid }) => role === 'control' && valid > 0)
  return control ? `; the control was caught in ${control.lostAttempts} of ${control.valid}` : ''
}

/** More clean attempts bound the probability closer. */
function advice({ cohorts, verdict }: Summary): string[] {
  const clean =
    verdict === 'pass' &&
    cohorts.some(
      ({ role, lostAttempts, valid, sequential }) =>
        role === 'subject' && valid > 0 && lostAttempts === 0 && !sequential,
    )
  return clean
    ? [`More attempts bound it closer: RACE_ITERATIONS=${attemptsFor(0.05)} gives 5 %, ${attemptsFor(0.01)} gives 1 %.`]
    : []
}
