/** Sets the defaults of a run that creates its own cluster. The cluster and the agent belong to the run, so it may change them. */
import { seconds } from '../units.ts'
import type { AgentSpec } from './agent-spec.ts'
import type { Config, FieldName } from './schema.ts'

/** The release with the fix. */
const defaultAgent: AgentSpec = { kind: 'npa', source: 'v1.4.3' }
/** Seconds. Short, because an attempt takes one period of the agent's timer; the run installs the agent and can set its period. */
const defaultPeriod = seconds(4)
/** Name of the image that is built from kind/probe.Dockerfile. */
export const probeImageOfRun = 'npa-race/probe:local'

/** Sets each default whose field the user has not set. @param given the fields that the user has set */
export function withOwnClusterDefaults(config: Config, given: ReadonlySet<FieldName>): Config {
  return {
    ...config,
    agent: config.agent ?? defaultAgent,
    ...(!given.has('cleanup_period') && { cleanup_period: defaultPeriod }),
    ...(!given.has('probe_image') && { probe_image: probeImageOfRun }),
    // If the user names an existing cluster, changing its nodes needs consent, as in any other cluster.
    ...(!given.has('allow_node_changes') && config.cluster === undefined && { allow_node_changes: true }),
  }
}
