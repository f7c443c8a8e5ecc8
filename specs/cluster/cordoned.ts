/** A cluster none of whose nodes takes new pods, until this is disposed. */
import { PatchStrategy } from '@kubernetes/client-node'
import type { ClusterApi } from '../../fixtures/cluster/api.ts'

export async function cordoned(api: ClusterApi): Promise<AsyncDisposable> {
  const { items } = await api.call('list the nodes', ({ core }) => core.listNode())
  const nodes = items.filter(({ spec }) => !spec?.unschedulable).map(({ metadata }) => metadata?.name ?? '')
  const mark = async (unschedulable: boolean): Promise<void> => {
    for (const name of nodes) {
      const object = { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { unschedulable } }
      await api.call('mark the node', ({ objects }) =>
        objects.patch(object, undefined, undefined, undefined, undefined, PatchStrategy.StrategicMergePatch),
      )
    }
  }
  await mark(true)
  return { [Symbol.asyncDispose]: () => mark(false) }
}
