/** Where a cohort of a cluster ran, how far the run reached, and how well it hit the window: for the terminal and for the page. */
import type { CohortSummary } from '../judge/summary.ts'
import { counted, shortTime } from '../text.ts'

/** A line each; none for a cohort of the lab. */
export function clusterWords(cohort: CohortSummary): string[] {
  const { running, access, predictionErrorMs: error, attempts, valid, lostInOtherWindows = {} } = cohort
  return [
    ...Object.entries(lostInOtherWindows).map(
      ([window, lost]) =>
        `not counted: ${counted(lost ?? 0, 'flow')} lost in the window ${window}, which RACE_WINDOW=${window} judges`,
    ),
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
