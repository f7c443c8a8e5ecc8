/** For how many compare passes a cleanup may keep a stale entry. */
import type { AgentSpec } from '../config/agent-spec.ts'
import { longestRetention } from '../schedule/schedule.ts'
import { cleanups, explorationOf } from './matrix.ts'

/** @returns compare passes: what the model found of a known cleanup, and the longest of these for any other agent */
export function retentionLimitOf(agent: AgentSpec): number {
  const known = cleanups.find(({ algorithm }) => agent.kind === 'reference' && agent.algorithm === algorithm)
  const retention = known && explorationOf(known).retention
  return typeof retention === 'number' ? retention : longestRetention
}
