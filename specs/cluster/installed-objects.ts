/** What `install-npa` makes in a cluster beside the agent's DaemonSet, by its owner's label; and the definitions that its image prints. */
import type { V1Pod } from '@kubernetes/client-node'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { ownedObjects } from '../../fixtures/targets/cluster/apply.ts'
import { companion } from '../../fixtures/install/companion.ts'
import { agentContainer, agentNamespace, installOwner } from '../../fixtures/install/manifests.ts'

const namesOf = async (api: ClusterApi, apiVersion: string, kind: string): Promise<string[]> =>
  (await ownedObjects(api, installOwner, { apiVersion, kind })).map(({ name }) => name).toSorted()

/** Names of custom resource definitions. */
export const definitionsIn = (api: ClusterApi) => namesOf(api, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition')

/** Namespaces of proofs that the command has under way, or has left. */
export const proofsIn = (api: ClusterApi) => namesOf(api, 'v1', 'Namespace')

const definitionSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
})
export type Definition = z.infer<typeof definitionSchema>

/** Those of the agent's image, for who installs by hand. @param agent a pod of it */
export async function printedDefinitions(api: ClusterApi, agent: V1Pod | undefined): Promise<Definition[]> {
  const target = { namespace: agentNamespace, pod: agent?.metadata?.name ?? '', container: agentContainer }
  const text = await companion(api, target, ['crds'])
  return parseAllDocuments(text).map((document) => definitionSchema.parse(document.toJS()))
}
