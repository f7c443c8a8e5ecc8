/** Lists objects that `install-npa` created in a cluster, by their owner label, and reads the definitions that the agent's image prints. */
import type { V1Pod } from '@kubernetes/client-node'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { ownedObjects } from '../../fixtures/targets/cluster/apply.ts'
import { companion } from '../../fixtures/install/companion.ts'
import { agentContainer, agentNamespace, installOwner } from '../../fixtures/install/manifests.ts'

const namesOf = async (api: ClusterApi, apiVersion: string, kind: string): Promise<string[]> =>
  (await ownedObjects(api, installOwner, { apiVersion, kind })).map(({ name }) => name).toSorted()

/** @returns the names of the custom resource definitions that were installed */
export const definitionsIn = (api: ClusterApi) => namesOf(api, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition')

/** @returns the namespaces of proofs, running or left behind */
export const proofsIn = (api: ClusterApi) => namesOf(api, 'v1', 'Namespace')

const definitionSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
})
export type Definition = z.infer<typeof definitionSchema>

/** Reads the definitions that the agent's image prints, for installing by hand. @param agent one of its pods */
export async function printedDefinitions(api: ClusterApi, agent: V1Pod | undefined): Promise<Definition[]> {
  const target = { namespace: agentNamespace, pod: agent?.metadata?.name ?? '', container: agentContainer }
  const text = await companion(api, target, ['crds'])
  return parseAllDocuments(text).map((document) => definitionSchema.parse(document.toJS()))
}
