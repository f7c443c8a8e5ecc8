/** A DaemonSet with the agent's name that npa-race did not install, as on EKS. Its node selector matches no node, so it has no pods. */
import type { V1DaemonSet } from '@kubernetes/client-node'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { agentDaemonSet, agentNamespace } from '../../fixtures/install/manifests.ts'

export interface ForeignAgent extends AsyncDisposable {
  /** @returns the fields that would be different if something had changed the DaemonSet */
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
  await api.call('create a foreign agent', ({ apps }) =>
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
