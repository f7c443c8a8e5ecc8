/** Describes what a run means, for the terminal and the page. Never says that the race is gone: only what was not seen, and which bound follows. */
import type { CohortSummary, Summary } from '../judge/summary.ts'
import { counted, percent } from '../text.ts'
import { attemptsFor } from '../statistics/binomial.ts'

/** Returns the argument, one text per line. Prints equal texts of several cohorts only once. */
export function argument(summary: Summary): string[] {
  const because = summary.because.map((why) => `${summary.verdict === 'pass' ? '' : 'Reason: '}${why}`)
  return [
    ...new Set([
      ...summary.cohorts.flatMap((cohort) => meaning(cohort, summary)),
      ...clusterCaveats(summary),
      ...because,
      ...advice(summary),
    ]),
  ]
}

/** Describes the doubts that remain on a cluster and not in the lab. */
function clusterCaveats({ target, cohorts }: Summary): string[] {
  const subjects = cohorts.filter(({ role, valid }) => role === 'subject' && valid > 0)
  if (target === 'lab' || subjects.length === 0) return []
  return [
    ...(cohorts.some(({ role, valid }) => role === 'control' && valid > 0)
      ? []
      : ['No positive control was run: only the exposures show that the run would have seen a loss.']),
    ...(subjects.some(({ access }) => access?.level === 'workload')
      ? [
          'The run could not look at the node: exposures and losses are known only from the client and from the agent’s own log, without a third witness.',
        ]
      : []),
  ]
}

/** Describes what a cohort has shown. */
function meaning(cohort: CohortSummary, { cohorts, target }: Summary): string[] {
  const { role, valid, lostAttempts, exposures, lossProbability: p } = cohort
  if (valid === 0) return []
  const who = role === 'control' ? 'The control' : 'The subject'
  if (lostAttempts === 0) {
    const seen = `${who} lost no flow in ${counted(valid, 'attempt')} (${counted(exposures, 'exposure')}; flows of one attempt are lost or kept together)`
    return [
      `${seen}. With ${percent(p.confidence)} confidence, it loses flows in at most ${percent(p.upper)} of such attempts under this timing.${controlLosses(cohorts)}`,
    ]
  }
  const often = lostAttempts === valid ? 'in every attempt' : `in ${lostAttempts} of ${valid} attempts`
  const shows =
    role === 'control'
      ? target === 'lab'
        ? 'so this machine shows the race if an agent has it.'
        : 'so the suite shows the race if an agent has it. The control ran in the lab on this machine and not on the cluster, so that no node runs a second agent.'
      : `RACE REPRODUCED: the agent deleted the map entry of a live flow, and the reply was dropped. With ${percent(p.confidence)} confidence, it loses flows in at least ${percent(p.lower)} of such attempts.`
  return [`${who} lost flows ${often}${role === 'control' ? ', ' : '. '}${shows}`]
}

/** Adds how often the control lost. */
function controlLosses(cohorts: readonly CohortSummary[]): string {
  const control = cohorts.find(({ role, valid }) => role === 'control' && valid > 0)
  return control ? ` The control lost flows in ${control.lostAttempts} of ${control.valid}.` : ''
}

/** Says how many attempts give a tighter bound. */
function advice({ cohorts, verdict }: Summary): string[] {
  const clean =
    verdict === 'pass' &&
    cohorts.some(
      ({ role, lostAttempts, valid, sequential }) =>
        role === 'subject' && valid > 0 && lostAttempts === 0 && !sequential,
    )
  return clean
    ? [
        `More attempts give a tighter bound: RACE_ITERATIONS=${attemptsFor(0.05)} gives 5 %, ${attemptsFor(0.01)} gives 1 %.`,
      ]
    : []
}
