/** Determines for how many compare passes a cleanup may keep a stale entry. */
import { referenceAgents } from '../agents/reference.ts'
import type { AgentSpec } from '../config/agent-spec.ts'
import { cleanupOf, cleanups, explorationOf, type Cleanup } from './matrix.ts'

/**
 * Returns the limit as a number of compare passes. For a known cleanup it is what the model finds. For an unknown cleanup and for a self-check it is
 * the longest of these.
 */
export function retentionLimitOf(agent: AgentSpec): number {
  const isKnown = agent.kind === 'reference' && referenceAgents[agent.algorithm].origin !== 'self-check'
  return isKnown ? limitInModel(cleanupOf(agent.algorithm)) : longestRetention()
}

/** Returns the limit of the slowest cleanup that was released or proposed upstream. */
const longestRetention = (): number => Math.max(...cleanups.map(limitInModel))

function limitInModel(cleanup: Cleanup): number {
  const { retention } = explorationOf(cleanup)
  if (typeof retention !== 'number')
    throw new RangeError(
      `bug: reference:${cleanup.algorithm} keeps a stale entry for ever, but its origin is not "self-check"`,
    )
  return retention
}
