/** Finds exposed flows that survived, and how soon after the agent's last look the reuse began. */
import { windowFrom, type Judged } from '../../judge/exposure.ts'
import { timelineOf } from '../../judge/timeline.ts'
import type { ReportedAttempt } from './attempt-section.ts'

export interface NearMisses {
  readonly kept: number
  readonly closestMs: number
}

/** @returns undefined if no exposed flow survived */
export function nearMisses(attempts: readonly ReportedAttempt[], cohort: Judged): NearMisses | undefined {
  const survived = attempts.flatMap(({ events, verdict }) => {
    if (verdict.purpose !== 'race' || verdict.verdict === 'invalid' || verdict.exposures === verdict.lost) return []
    const timeline = timelineOf(events)
    const gaps = events.flatMap((event) => {
      const look = timeline && event.type === 'flow.reused' && windowFrom(timeline, event.flow, cohort)
      return look ? [(event.began - look) / 1e6] : []
    })
    return [{ kept: verdict.exposures - verdict.lost, closestMs: Math.min(...gaps) }]
  })
  if (survived.length === 0) return undefined
  return {
    kept: survived.reduce((sum, { kept }) => sum + kept, 0),
    closestMs: Math.min(...survived.map(({ closestMs }) => closestMs)),
  }
}
