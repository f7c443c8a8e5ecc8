/** The agents that a cohort met, as one: attempts side by side in a cluster meet one on each node. */
import { isDeepStrictEqual } from 'node:util'
import type { AgentIdentity } from '../history/event.ts'
import type { CohortSummary } from './summary.ts'

type Identity = Pick<CohortSummary, 'mapLayout' | 'build' | 'running'>

interface Joined {
  readonly identity: Identity
  /** In words, where they are not alike: then the attempts are no trials of one agent. */
  readonly unlike: string | undefined
}

export function joinIdentities(identities: readonly AgentIdentity[]): Joined {
  const [first] = identities
  if (!first) return { identity: {}, unlike: undefined }
  const other = identities.find((each) => !isDeepStrictEqual(agentOf(each), agentOf(first)))
  const { mapLayout, build, running } = first
  const nodes = identities.flatMap(({ running: at }) =>
    at ? [{ node: at.node, kernel: at.kernel, serverNode: at.serverNode }] : [],
  )
  return {
    identity: {
      mapLayout,
      ...(build && { build }),
      ...(running && {
        running: { image: running.image, cleanupPeriod: running.cleanupPeriod, nodes: distinct(nodes) },
      }),
    },
    unlike: other && `the nodes do not run one agent: ${words(first)}, and ${words(other)}`,
  }
}

/** Which node it is on makes no difference. */
const agentOf = ({ mapLayout, build, running }: AgentIdentity) => ({
  mapLayout,
  build,
  image: running?.image,
  cleanupPeriod: running?.cleanupPeriod,
})

const words = ({ mapLayout, running }: AgentIdentity): string =>
  `${running?.image ?? 'an agent'} with cleanup period ${running?.cleanupPeriod ?? '?'} s and map ${mapLayout} on ${running?.node ?? 'a node'}`

const distinct = <T>(values: readonly T[]): T[] =>
  values.filter((value, index) => values.findIndex((each) => isDeepStrictEqual(each, value)) === index)
