/** Finds the pods of a run that is under way, for specs of clusters. */
import type { V1Pod } from '@kubernetes/client-node'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { labels, type Role } from '../../fixtures/targets/cluster/names.ts'

/** Lists the pods of all runs that have this role. */
export async function podsOf(api: ClusterApi, role: Role): Promise<V1Pod[]> {
  const labelSelector = `${labels.role}=${role}`
  const { items } = await api.call('list the pods of the run', ({ core }) =>
    core.listPodForAllNamespaces({ labelSelector }),
  )
  return items
}
