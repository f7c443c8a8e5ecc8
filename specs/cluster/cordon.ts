/** A cluster none of whose nodes, or only one of them, takes new pods, until this is disposed. */
import { PatchStrategy } from '@kubernetes/client-node'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'

/** @param but the name of the node that still does */
export async function cordon(api: ClusterApi, but?: string): Promise<AsyncDisposable> {
  const { items } = await api.call('list the nodes', ({ core }) => core.listNode())
  const names = items.filter(({ spec }) => !spec?.unschedulable).map(({ metadata }) => metadata?.name ?? '')
  const nodes = names.filter((name) => name !== but)
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
