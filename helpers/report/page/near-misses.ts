/** Exposures that survived: how close did the reuse come to the agent's last look at the truth? */
import type { ReportedAttempt } from './attempt-section.ts'

export interface NearMisses {
  readonly kept: number
  readonly closestMs: number
}

/** @returns undefined where nothing survived an exposure */
export function nearMisses(attempts: readonly ReportedAttempt[]): NearMisses | undefined {
  const survived = attempts.flatMap(({ events, verdict }) => {
    if (verdict.purpose !== 'race' || verdict.verdict === 'invalid' || verdict.exposures === verdict.lost) return []
    const look = events.findLast(({ type }) => type === 'agent.snapshot')
    const gaps = events.flatMap((event) =>
      look && event.type === 'flow.reused' ? [(event.began - look.at) / 1e6] : [],
    )
    return [{ kept: verdict.exposures - verdict.lost, closestMs: Math.min(...gaps) }]
  })
  if (survived.length === 0) return undefined
  return {
    kept: survived.reduce((sum, { kept }) => sum + kept, 0),
    closestMs: Math.min(...survived.map(({ closestMs }) => closestMs)),
  }
}
