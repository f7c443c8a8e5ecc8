/** Creates users who have only the rights of fixtures/targets/cluster/rbac, which the page of the cluster tells people to give. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { apply, nameOf, remove } from '../../fixtures/targets/cluster/apply.ts'

const folder = fileURLToPath(new URL('../../fixtures/targets/cluster/rbac/', import.meta.url))

export type RightsFile = 'without-probe' | 'with-probe' | 'without-controller'

const ruleSchema = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
})
type Rule = z.infer<typeof ruleSchema>

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.strictObject({
    name: z.string(),
    namespace: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()).exactOptional(),
  }),
  rules: z.array(ruleSchema).optional(),
  roleRef: z.looseObject({ name: z.string() }).optional(),
})
type RbacObject = z.infer<typeof objectSchema>

export interface LeastUser extends AsyncDisposable {
  /** The path of the user's kubeconfig. */
  readonly file: string
  /** The only namespace in which the user may create something. */
  readonly namespace: string
  /** The rules of its roles. */
  readonly rules: readonly Rule[]
  /** Takes one right away. @returns a function that gives it back */
  takeAway(rule: Rule, verb: string): Promise<() => Promise<void>>
}

const objectsIn = (file: RightsFile): RbacObject[] =>
  parseAllDocuments(readFileSync(join(folder, `${file}.yaml`), 'utf8')).map((each) => objectSchema.parse(each.toJS()))

/** @param files that are applied, with a namespace and roles of this user's own, who takes the place of the group */
export async function leastUser(api: ClusterApi, owner: string, files: readonly RightsFile[]): Promise<LeastUser> {
  const name = `npa-race-least-${Date.now().toString(36)}`
  const renamed = (object: RbacObject): RbacObject => {
    const { metadata, kind, roleRef } = object
    const own = (text: string): string => (text === 'conntrack-test' ? name : text.replace('npa-race', name))
    const namespace = metadata.namespace && { namespace: metadata.namespace === 'kube-system' ? 'kube-system' : name }
    return {
      ...object,
      metadata: { ...metadata, name: own(metadata.name), ...namespace },
      ...(roleRef && { roleRef: { ...roleRef, name: own(roleRef.name) } }),
      ...(kind === 'RoleBinding' && { subjects: [{ kind: 'ServiceAccount', name, namespace: name }] }),
    }
  }
  const objects = files.flatMap(objectsIn).map(renamed)
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: name } }
  const [first, ...rest] = objects
  const made = [...(first ? [first] : []), account, ...rest]
  for (const object of made) await apply(api, owner, object)
  const kubeconfig = await kubeconfigOf(api, name)
  return {
    file: kubeconfig.file,
    namespace: name,
    rules: objects.flatMap(({ rules = [] }) => rules),
    async takeAway(rule, verb) {
      const role = objects.find(({ rules }) => rules?.includes(rule))
      if (!role) throw new Error('no role has this rule')
      const less = { ...rule, verbs: rule.verbs.filter((each) => each !== verb) }
      const rules = role.rules?.map((each) => (each === rule ? less : each)).filter(({ verbs }) => verbs.length > 0)
      const withLess: RbacObject = { ...role, rules }
      await apply(api, owner, withLess)
      return async () => void (await apply(api, owner, role))
    },
    async [Symbol.asyncDispose]() {
      kubeconfig[Symbol.dispose]()
      for (const object of made.toReversed()) await remove(api, owner, nameOf(object))
    },
  }
}

/** Writes a kubeconfig with a token of the service account of this name, in the namespace of this name. */
async function kubeconfigOf(api: ClusterApi, name: string): Promise<Disposable & { readonly file: string }> {
  const { status } = await api.call('ask for a token', ({ core }) =>
    core.createNamespacedServiceAccountToken({
      name,
      namespace: name,
      body: { spec: { audiences: [], expirationSeconds: 3_600 } },
    }),
  )
  const cluster = api.kubeconfig.config.getCurrentCluster()
  const own = mkdtempSync(join(tmpdir(), 'npa-race-least-'))
  const file = join(own, 'kubeconfig')
  const text = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: cluster?.server, 'certificate-authority-data': cluster?.caData } }],
    users: [{ name, user: { token: status?.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: name } }],
    'current-context': name,
  })
  writeFileSync(file, text, { mode: 0o600 })
  return { file, [Symbol.dispose]: () => rmSync(own, { recursive: true }) }
}
