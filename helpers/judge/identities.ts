/** Joins the identities of the agents that a cohort tested. Parallel attempts in a cluster test one agent per node. */
import { digestOf, imageText } from '../agents/image.ts'
import { isDeepStrictEqual } from 'node:util'
import type { AgentIdentity } from '../history/event.ts'
import type { CohortSummary } from './summary.ts'

type Identity = Pick<CohortSummary, 'mapLayout' | 'ownMapLayout' | 'build' | 'files' | 'observed' | 'running'>

interface Joined {
  readonly identity: Identity
  /** How the agents differ. If they do, the attempts are not trials of one agent. Undefined if they do not. */
  readonly unlike: string | undefined
}

export function joinIdentities(identities: readonly AgentIdentity[]): Joined {
  const [first] = identities
  if (!first) return { identity: {}, unlike: undefined }
  const other = identities.find((each) => !isDeepStrictEqual(agentOf(each), agentOf(first)))
  const { mapLayout, ownMapLayout, build, files, observed, running } = first
  const nodes = identities.flatMap(({ running: at }) =>
    at ? [{ node: at.node, kernel: at.kernel, serverNode: at.serverNode }] : [],
  )
  return {
    identity: {
      mapLayout,
      ...(ownMapLayout !== undefined && { ownMapLayout }),
      ...(build && { build }),
      ...(files && { files }),
      ...(observed && { observed }),
      ...(running && {
        running: {
          image: running.image,
          ...(running.imageId !== undefined && { imageId: running.imageId }),
          cleanupPeriod: running.cleanupPeriod,
          nodes: distinct(nodes),
          ...(running.unlike && { unlike: running.unlike }),
        },
      }),
    },
    unlike: other && unlikeText(first, other),
  }
}

/** Returns the part of an identity that must be the same on every node. */
const agentOf = ({ mapLayout, build, files, running }: AgentIdentity) => ({
  mapLayout,
  build,
  files,
  image: running?.image,
  digest: running && digestOf(running),
  cleanupPeriod: running?.cleanupPeriod,
})

function unlikeText(first: AgentIdentity, other: AgentIdentity): string {
  const changed = other.files?.find(({ file, sha256 }) =>
    first.files?.some((one) => one.file === file && one.sha256 !== sha256),
  )
  if (changed) return `${changed.file} changed during the run: the attempts did not all test the same agent`
  if (!isDeepStrictEqual(first.build, other.build))
    return `the agent was built from two sources: ${builtFrom(first)}, and ${builtFrom(other)}`
  return `the nodes do not run the same agent: ${words(first)}, and ${words(other)}`
}

const builtFrom = ({ build }: AgentIdentity): string =>
  build ? `${build.version}${build.content === undefined ? '' : ` with content ${build.content.slice(0, 12)}`}` : 'none'

const words = ({ mapLayout, running }: AgentIdentity): string =>
  `${running ? imageText(running) : 'an agent'} with cleanup period ${running?.cleanupPeriod ?? '?'} s and map ${mapLayout} on ${running?.node ?? 'a node'}`

const distinct = <T>(values: readonly T[]): T[] =>
  values.filter((value, index) => values.findIndex((each) => isDeepStrictEqual(each, value)) === index)
