/** Defaults of a run that makes its own cluster: cluster and agent belong to the run, so more is known, and more is allowed. */
import { seconds } from '../units.ts'
import type { AgentSpec } from './agent-spec.ts'
import type { Config, FieldName } from './schema.ts'

/** The release with the fix. */
const defaultAgent: AgentSpec = { kind: 'npa', source: 'v1.4.3' }
/** An attempt takes one period of the agent's own timer, and the agent is ours to set. */
const defaultPeriod = seconds(4)
/** Made from kind/probe.Dockerfile. */
export const probeImageOfRun = 'npa-race/probe:local'

/** @param given the fields that the user has set */
export function withOwnClusterDefaults(config: Config, given: ReadonlySet<FieldName>): Config {
  return {
    ...config,
    agent: config.agent ?? defaultAgent,
    ...(!given.has('cleanup_period') && { cleanup_period: defaultPeriod }),
    ...(!given.has('probe_image') && { probe_image: probeImageOfRun }),
    // A cluster of the user's own is as any other.
    ...(!given.has('allow_node_changes') && config.cluster === undefined && { allow_node_changes: true }),
  }
}
