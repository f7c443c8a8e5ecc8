/** Where a cohort of a cluster ran, how far the run reached, and how well it hit the window: for the terminal and for the page. */
import type { CohortSummary } from '../judge/summary.ts'
import { shortTime } from '../text.ts'

/** A line each; none for a cohort of the lab. */
export function clusterWords(cohort: CohortSummary): string[] {
  const { running, access, predictionErrorMs: error, attempts, valid, window, lostInOtherWindow: beside = 0 } = cohort
  const other = window === 'after-snapshot' ? 'after-reread' : 'after-snapshot'
  return [
    ...(beside > 0
      ? [
          `beside: ${beside} ${beside === 1 ? 'flow' : 'flows'} lost in the window ${other}, which RACE_WINDOW=${other} judges`,
        ]
      : []),
    ...(running
      ? [
          [
            running.image,
            `cleanup period ${running.cleanupPeriod} s`,
            ...running.nodes.map(
              ({ node, kernel, serverNode }) =>
                `node ${node}, Linux ${kernel}, server on ${serverNode === node ? 'the same node: there was no other' : serverNode}`,
            ),
          ].join(' · '),
        ]
      : []),
    ...(access
      ? [`access: ${access.level}${access.whyNotMore === undefined ? '' : `; not more, because ${access.whyNotMore}`}`]
      : []),
    ...(error
      ? [
          `predicted passes were off by ${shortTime(error.p50)} in the median, p95 ${shortTime(error.p95)}; ${valid} of ${attempts} attempts hit the window`,
        ]
      : []),
  ]
}
