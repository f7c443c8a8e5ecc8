/** Describes the verdict of a cohort, and for a cluster: where the cohort ran, what the run could access, and how often it hit the window. */
import { imageText } from '../agents/image.ts'
import { accessText } from '../config/access.ts'
import type { CohortSummary } from '../judge/summary.ts'
import { foreignMapText } from './foreign-map-text.ts'
import { counted, shortTime } from '../text.ts'

export const verdictMark = { 'as-expected': '✓', contrary: '✗', inconclusive: '?' } as const
export const verdictText = {
  'as-expected': 'as expected',
  contrary: 'not as expected',
  inconclusive: 'inconclusive',
} as const

/** Returns the facts about a cohort of a cluster, one per line; none for a cohort of the lab. */
export function clusterLines(cohort: CohortSummary): string[] {
  const { running, access, predictionErrorMs: error, attempts, valid, lostInOtherWindows = {} } = cohort
  return [
    ...Object.entries(lostInOtherWindows).map(
      ([window, lost]) =>
        `not counted: ${counted(lost ?? 0, 'flow')} lost in the window ${window}; to test it, set RACE_WINDOW=${window}`,
    ),
    ...(running
      ? [
          [
            imageText(running),
            `cleanup period ${running.cleanupPeriod} s`,
            ...mapText(cohort),
            ...running.nodes.map(
              ({ node, kernel, serverNode }) =>
                `node ${node}, Linux ${kernel}, server on ${serverNode === node ? 'the same node, because there was no other' : serverNode}`,
            ),
          ].join(' · '),
          ...(running.unlike ?? []).map(
            ({ pods, differs }) => `not tested: ${counted(pods, 'pod')} of the agent on other nodes: ${differs}`,
          ),
        ]
      : []),
    ...(access ? [accessText(access)] : []),
    ...(error
      ? [
          `error of the predicted passes: median ${shortTime(error.p50)}, p95 ${shortTime(error.p95)}; ${valid} of ${counted(attempts, 'attempt')} hit the window`,
        ]
      : []),
  ]
}

/** A run that builds the agent says this in the line about the build. */
const mapText = ({ mapLayout, ownMapLayout, build }: CohortSummary): string[] =>
  ownMapLayout === undefined || build ? [] : [`map ${mapLayout}${foreignMapText({ mapLayout, ownMapLayout })}`]
