/** Creates users who have only the rights that a run needs in one namespace. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { apply, nameOf, remove, type Manifest } from '../../fixtures/targets/cluster/apply.ts'

type Object = Manifest & Readonly<Record<string, unknown>>

export interface LeastUser extends AsyncDisposable {
  /** The path of the user's kubeconfig. */
  readonly file: string
  /** The only namespace that the user may use. */
  readonly namespace: string
}

const rbac = 'rbac.authorization.k8s.io/v1'
const rule = (apiGroup: string, resources: string[], verbs: string[]) => ({ apiGroups: [apiGroup], resources, verbs })
const change = ['create', 'patch', 'get', 'list', 'delete']

/** What a user may do in addition to creating pods and exec. */
export interface Rights {
  /** The name of the user, and of its roles. */
  readonly name: string
  /** The Pod Security level of the namespace. */
  readonly admits: 'restricted' | 'privileged'
  /** The verbs that it may use on PolicyEndpoints. */
  readonly endpoints: readonly string[]
  /** Whether it may read the agent's log. */
  readonly readsLog: boolean
}

/** The rights that the original reproducer of the race needs. */
export const leastRights: Rights = { name: 'npa-race-least', admits: 'restricted', endpoints: change, readsLog: true }

function manifests(namespace: string, npaNamespace: string, { name, admits, endpoints, readsLog }: Rights): Object[] {
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
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': admits } },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    ...role(namespace, [
      rule('', ['pods'], change),
      rule('', ['pods/exec'], ['create', 'get']),
      rule('networking.k8s.io', ['networkpolicies'], change),
      rule('networking.k8s.aws', ['policyendpoints'], [...endpoints]),
    ]),
    ...role(npaNamespace, [
      rule('', ['pods'], ['get', 'list']),
      ...(readsLog ? [rule('', ['pods/log'], ['get'])] : []),
    ]),
  ]
}

export async function leastUser(
  api: ClusterApi,
  owner: string,
  npaNamespace: string,
  rights = leastRights,
): Promise<LeastUser> {
  const { name } = rights
  const namespace = `${name}-${process.pid}`
  const made = manifests(namespace, npaNamespace, rights)
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
