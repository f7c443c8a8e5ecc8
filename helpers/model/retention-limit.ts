/** For how many compare passes a cleanup may keep a stale entry. */
import { referenceAgents } from '../agents/reference.ts'
import type { AgentSpec } from '../config/agent-spec.ts'
import { cleanupOf, cleanups, explorationOf, type Cleanup } from './matrix.ts'

/** @returns compare passes: what the model finds of a known cleanup, and the longest of these for an unknown one and for a self-check */
export function retentionLimitOf(agent: AgentSpec): number {
  const isKnown = agent.kind === 'reference' && referenceAgents[agent.algorithm].origin !== 'self-check'
  return isKnown ? foundOf(cleanupOf(agent.algorithm)) : longestRetention()
}

/** That of the most patient cleanup of the agent's history. */
const longestRetention = (): number => Math.max(...cleanups.map(foundOf))

function foundOf(cleanup: Cleanup): number {
  const { retention } = explorationOf(cleanup)
  if (typeof retention !== 'number')
    throw new RangeError(
      `bug: reference:${cleanup.algorithm} keeps a stale entry for ever, and is not marked as a self-check`,
    )
  return retention
}
