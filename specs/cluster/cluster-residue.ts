/** Lists what a run could leave in a cluster, to compare it before and after. */
import type { KubernetesObject } from '@kubernetes/client-node'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { isNotFound } from '../../fixtures/targets/cluster/cluster-error.ts'
import type { AgentNodes } from './agent-nodes.ts'

const kinds = [
  ['v1', 'Namespace'],
  ['v1', 'Pod'],
  ['v1', 'ServiceAccount'],
  ['apps/v1', 'DaemonSet'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['networking.k8s.aws/v1alpha1', 'PolicyEndpoint'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
] as const

/** @returns `<kind> <namespace>/<name>` of each object, sorted */
export async function clusterResidue(api: ClusterApi): Promise<string[]> {
  const lists = await Promise.all(
    kinds.map(async ([apiVersion, kind]) => {
      const items = await itemsOf(api, apiVersion, kind)
      return items.map(({ metadata }) => `${kind} ${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`)
    }),
  )
  return lists.flat().toSorted()
}

/** Lists the objects, and what is left on the nodes. */
export const wholeResidue = async (api: ClusterApi, nodes: AgentNodes) => ({
  cluster: await clusterResidue(api),
  nodes: await nodes.residue(),
})

/** @returns no items if the cluster does not know the kind, which is so for the agent's own kinds before an agent is installed */
async function itemsOf(api: ClusterApi, apiVersion: string, kind: string): Promise<readonly KubernetesObject[]> {
  try {
    return (await api.call(`list ${kind}`, ({ objects }) => objects.list(apiVersion, kind))).items
  } catch (error) {
    if (isNotFound(error)) return []
    throw error
  }
}
