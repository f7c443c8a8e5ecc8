/** Says in words what was seen in an attempt, for the failure of a test and for the report. */
import { tupleText } from '../flow.ts'
import type { AttemptVerdict, LostFlow } from '../judge/attempt-verdict.ts'
import { shortTime } from '../text.ts'

/** Returns the replies that were lost with the first lost flow, the witnesses that disagree, or why the attempt is invalid. */
export function outcomeText(verdict: AttemptVerdict): string {
  if (verdict.verdict === 'invalid') return `an invalid attempt: ${verdict.reason} (${verdict.detail})`
  const disagreement = verdict.disagreements[0]
  return [
    `${verdict.lost} of ${verdict.exposures} replies lost${firstLost(verdict.firstLost)}`,
    ...(disagreement
      ? [
          `the witnesses of flow ${disagreement.flow} disagree: ${Object.entries(disagreement.saw)
            .map(([who, what]) => `${who}: ${what}`)
            .join(', ')}`,
        ]
      : []),
  ].join('; ')
}

function firstLost(flow: LostFlow | undefined): string {
  if (!flow) return ''
  const { tuple, deletedAfterMs: after } = flow
  const deleted = after === undefined ? '' : `, entry deleted ${shortTime(after)} after the reuse`
  return ` (first: ${tupleText(tuple)}${deleted})`
}
