/** A DaemonSet of the agent's name that nobody here has made, as EKS has one. It asks for a node that there is not, so it runs nowhere. */
import type { V1DaemonSet } from '@kubernetes/client-node'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { agentDaemonSet, agentNamespace } from '../../fixtures/install/manifests.ts'

export interface ForeignAgent extends AsyncDisposable {
  /** What of it would be changed by whoever touches it. */
  read(): Promise<unknown>
}

export async function foreignAgent(api: ClusterApi): Promise<ForeignAgent> {
  const name = { name: agentDaemonSet, namespace: agentNamespace }
  const labels = { 'k8s-app': agentDaemonSet }
  const body: V1DaemonSet = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { ...name, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { nodeSelector: { 'npa-race/nowhere': '' }, containers: [{ name: 'aws-node', image: 'nowhere' }] },
      },
    },
  }
  await api.call('make a foreign agent', ({ apps }) =>
    apps.createNamespacedDaemonSet({ namespace: agentNamespace, body }),
  )
  return {
    async read() {
      const { metadata } = await api.call('read the foreign agent', ({ apps }) => apps.readNamespacedDaemonSet(name))
      const { uid, generation, labels: found, deletionTimestamp } = metadata ?? {}
      return { uid, generation, labels: found, deletionTimestamp }
    },
    [Symbol.asyncDispose]: async () =>
      void (await api.call('delete the foreign agent', ({ apps }) => apps.deleteNamespacedDaemonSet(name))),
  }
}
