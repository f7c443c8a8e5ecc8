/** Cordons nodes, so that they do not accept new pods. Uncordons them when the result is disposed. */
import { PatchStrategy } from '@kubernetes/client-node'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'

/** @param except the name of a node that is not cordoned */
export async function cordon(api: ClusterApi, except?: string): Promise<AsyncDisposable> {
  const { items } = await api.call('list the nodes', ({ core }) => core.listNode())
  const names = items.filter(({ spec }) => !spec?.unschedulable).map(({ metadata }) => metadata?.name ?? '')
  const nodes = names.filter((name) => name !== except)
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
