/** Where a cohort of a cluster ran, how far the run reached, and how well it predicted: for the terminal and for the page. */
import type { CohortSummary } from '../judge/summary.ts'

/** Milliseconds to three digits. */
export const milliseconds = (value: number): string => `${value.toPrecision(3)} ms`

/** A line each; none for a cohort of the lab. */
export function clusterWords({ running, access, predictionErrorMs: error, attempts, valid }: CohortSummary): string[] {
  return [
    ...(running
      ? [
          `${running.image} · cleanup period ${running.cleanupPeriod} s · node ${running.node}, Linux ${running.kernel} · server on ${running.serverNode === running.node ? 'the same node: there was no other' : running.serverNode}`,
        ]
      : []),
    ...(access
      ? [`access: ${access.level}${access.whyNotMore === undefined ? '' : `; not more, because ${access.whyNotMore}`}`]
      : []),
    ...(error
      ? [
          `predicted passes were off by ${milliseconds(error.p50)} in the median, p95 ${milliseconds(error.p95)}; ${valid} of ${attempts} attempts hit the window`,
        ]
      : []),
  ]
}
