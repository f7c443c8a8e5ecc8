/** The agents that a cohort met, as one: attempts side by side in a cluster meet one on each node. */
import { isDeepStrictEqual } from 'node:util'
import type { AgentIdentity } from '../history/event.ts'
import type { CohortSummary } from './summary.ts'

type Identity = Pick<CohortSummary, 'mapLayout' | 'build' | 'files' | 'observed' | 'running'>

interface Joined {
  readonly identity: Identity
  /** In words, where they are not alike: then the attempts are no trials of one agent. */
  readonly unlike: string | undefined
}

export function joinIdentities(identities: readonly AgentIdentity[]): Joined {
  const [first] = identities
  if (!first) return { identity: {}, unlike: undefined }
  const other = identities.find((each) => !isDeepStrictEqual(agentOf(each), agentOf(first)))
  const { mapLayout, build, files, observed, running } = first
  const nodes = identities.flatMap(({ running: at }) =>
    at ? [{ node: at.node, kernel: at.kernel, serverNode: at.serverNode }] : [],
  )
  return {
    identity: {
      mapLayout,
      ...(build && { build }),
      ...(files && { files }),
      ...(observed && { observed }),
      ...(running && {
        running: { image: running.image, cleanupPeriod: running.cleanupPeriod, nodes: distinct(nodes) },
      }),
    },
    unlike: other && unlikeText(first, other),
  }
}

/** Which node it is on makes no difference. */
const agentOf = ({ mapLayout, build, files, running }: AgentIdentity) => ({
  mapLayout,
  build,
  files,
  image: running?.image,
  cleanupPeriod: running?.cleanupPeriod,
})

function unlikeText(first: AgentIdentity, other: AgentIdentity): string {
  const changed = other.files?.find(({ file, sha256 }) =>
    first.files?.some((one) => one.file === file && one.sha256 !== sha256),
  )
  if (changed) return `${changed.file} changed while the run went on: its attempts are not trials of one agent`
  if (!isDeepStrictEqual(first.build, other.build))
    return `the agent was built from two sources: ${builtFrom(first)}, and ${builtFrom(other)}`
  return `the nodes do not run one agent: ${words(first)}, and ${words(other)}`
}

const builtFrom = ({ build }: AgentIdentity): string =>
  build ? `${build.version}${build.content === undefined ? '' : ` with content ${build.content.slice(0, 12)}`}` : 'none'

const words = ({ mapLayout, running }: AgentIdentity): string =>
  `${running?.image ?? 'an agent'} with cleanup period ${running?.cleanupPeriod ?? '?'} s and map ${mapLayout} on ${running?.node ?? 'a node'}`

const distinct = <T>(values: readonly T[]): T[] =>
  values.filter((value, index) => values.findIndex((each) => isDeepStrictEqual(each, value)) === index)
