/** Waits until a cluster is healthy again after it was broken. Otherwise the next test would fail. */
import type { V1Lease, V1Node, V1Pod } from '@kubernetes/client-node'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { messageOf } from '../../helpers/text.ts'
import { ms } from '../../helpers/units.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { agentOf } from './agent-nodes.ts'

/** Enough for a node that was stopped: it renews its lease every 10 s, and first deletes pods that it should have deleted before. */
const healthyWithin = ms(180_000)

/** Waits until each node has renewed its lease since this call and is ready, every agent is ready, and no pod is being deleted. */
export async function waitUntilHealthy(api: ClusterApi): Promise<void> {
  const since = Date.now()
  let last: readonly string[] = ['nothing yet']
  await waitFor({
    condition: 'the cluster is healthy again',
    deadline: healthyWithin,
    every: ms(500),
    check: async () => {
      last = await whatIsWrong(api, since).catch((error: unknown) => [messageOf(error)])
      return last.length === 0 ? true : undefined
    },
    last: () => last.join('; '),
  })
}

async function whatIsWrong(api: ClusterApi, since: number): Promise<string[]> {
  const nodes = await api.call('list the nodes', ({ core }) => core.listNode())
  const leases = await api.call('list the leases', ({ objects }) =>
    objects.list<V1Lease>('coordination.k8s.io/v1', 'Lease', 'kube-node-lease'),
  )
  const renewed = new Map(leases.items.map(({ metadata, spec }) => [metadata?.name, Number(spec?.renewTime ?? 0)]))
  const pods = await api.call('list the pods', ({ core }) => core.listPodForAllNamespaces())
  const agents = (await agentOf(api)).pods
  const unhealthy = nodes.items
    .filter((node) => !isHealthy(node) || (renewed.get(node.metadata?.name) ?? 0) < since)
    .map(({ metadata }) => `node ${metadata?.name} is not healthy`)
  const ending = pods.items.filter(({ metadata }) => metadata?.deletionTimestamp).map(nameOf)
  const notReady = agents.filter(({ ready }) => !ready).map(({ name }) => `agent ${name} is not ready`)
  const missing = agents.length < nodes.items.length ? ['a node does not run the agent'] : []
  return [...unhealthy, ...ending, ...notReady, ...missing]
}

function isHealthy({ spec, status }: V1Node): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  const isTainted = spec?.taints?.some(({ key }) => /^node\.kubernetes\.io\/(not-ready|unreachable)$/.test(key))
  return ready?.status === 'True' && isTainted !== true
}

const nameOf = ({ metadata }: V1Pod): string => `pod ${metadata?.namespace}/${metadata?.name} is being deleted`
