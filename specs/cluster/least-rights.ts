/** A user who may do what the original reproducer needs, and no more: pods and exec in one namespace, and the agent's log. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClusterApi } from '../../fixtures/cluster/api.ts'
import { apply, nameOf, remove, type Manifest } from '../../fixtures/cluster/apply.ts'

type Object = Manifest & Readonly<Record<string, unknown>>

export interface LeastUser extends AsyncDisposable {
  /** A kubeconfig. */
  readonly file: string
  /** The only one that it may use; it admits no privileged pod. */
  readonly namespace: string
}

const name = 'npa-race-least'
const rbac = 'rbac.authorization.k8s.io/v1'
const rule = (apiGroup: string, resources: string[], verbs: string[]) => ({ apiGroups: [apiGroup], resources, verbs })
const change = ['create', 'patch', 'get', 'list', 'delete']

function manifests(namespace: string, npaNamespace: string): Object[] {
  const role = (where: string, rules: object[]): Object[] => [
    { apiVersion: rbac, kind: 'Role', metadata: { name, namespace: where }, rules },
    {
      apiVersion: rbac,
      kind: 'RoleBinding',
      metadata: { name, namespace: where },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ]
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    ...role(namespace, [
      rule('', ['pods'], change),
      rule('', ['pods/exec'], ['create', 'get']),
      rule('networking.k8s.io', ['networkpolicies'], change),
      rule('networking.k8s.aws', ['policyendpoints'], change),
    ]),
    ...role(npaNamespace, [rule('', ['pods'], ['get', 'list']), rule('', ['pods/log'], ['get'])]),
  ]
}

export async function leastUser(api: ClusterApi, owner: string, npaNamespace: string): Promise<LeastUser> {
  const namespace = `${name}-${process.pid}`
  const made = manifests(namespace, npaNamespace)
  for (const object of made) await apply(api, owner, object)
  const { status } = await api.call('ask for a token', ({ core }) =>
    core.createNamespacedServiceAccountToken({
      name,
      namespace,
      body: { spec: { audiences: [], expirationSeconds: 3_600 } },
    }),
  )
  const cluster = api.kubeconfig.config.getCurrentCluster()
  const folder = mkdtempSync(join(tmpdir(), 'npa-race-least-'))
  const file = join(folder, 'kubeconfig')
  const text = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: cluster?.server, 'certificate-authority-data': cluster?.caData } }],
    users: [{ name, user: { token: status?.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name,
  })
  writeFileSync(file, text, { mode: 0o600 })
  return {
    file,
    namespace,
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true })
      for (const object of made.toReversed()) await remove(api, owner, nameOf(object))
    },
  }
}
