/** What the cases of the table are made of. */
import type { TestServers } from './test-servers.ts'

export interface KubeconfigCase {
  readonly name: string
  /** The content of each file, in the order of KUBECONFIG. */
  readonly files: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Matches our error, if kubectl refuses as well; without it, the request succeeds. */
  readonly refused?: RegExp
  /** The path of the request that the API server gets; default: /version. Older kubectl drop the path of the server here. */
  readonly path?: string
  /** kubectl does not do this. */
  readonly onlyOurs?: true
}

type Fields = Readonly<Record<string, unknown>>

export interface CaseOrder {
  readonly servers: Pick<TestServers, 'secure' | 'plain' | 'httpProxy' | 'socksProxy'>
  /** Returns the content of a certificate or key. */
  readonly pem: (name: string) => string
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

export function casePartsOf({ servers, pem }: CaseOrder) {
  const secure = `https://127.0.0.1:${servers.secure}`
  const ca = { 'certificate-authority-data': base64(pem('ca.crt')) }
  const cluster = { server: secure, ...ca }
  const token = { token: 'a-valid-token' }
  const file = (its: Fields, user: Fields | undefined, more: Fields = {}): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: its }],
      ...(user && { users: [{ name: 'u', user }] }),
      contexts: [{ name: 'x', context: { cluster: 'c', ...(user && { user: 'u' }) } }],
      'current-context': 'x',
      ...more,
    })
  const ok = (
    name: string,
    user: Fields | undefined,
    its: Fields = cluster,
    more?: Omit<KubeconfigCase, 'name' | 'files'>,
  ): KubeconfigCase => ({
    name,
    files: [file(its, user)],
    ...more,
  })
  const plugin = (script: string, more: Fields = {}) => ({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      interactiveMode: 'Never',
      command: 'sh',
      args: ['-c', script],
      ...more,
    },
  })
  const answer = (status: Fields, apiVersion = 'client.authentication.k8s.io/v1'): string =>
    `printf %s '${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}'`
  const data = {
    'client-certificate-data': base64(pem('client.crt')),
    'client-key-data': base64(pem('client.key')),
  }
  const named = { server: 'https://api.example', ...ca }
  const httpProxy = `http://127.0.0.1:${servers.httpProxy}`
  const socksProxy = `socks5://127.0.0.1:${servers.socksProxy}`
  const other = (list: 'clusters' | 'users' | 'contexts', entry: Fields): string =>
    file(cluster, token, {
      [list]: [...((JSON.parse(file(cluster, token)) as Record<string, Fields[]>)[list] ?? []), entry],
    })
  return {
    ok,
    file,
    other,
    secure,
    ca,
    cluster,
    token,
    plain: servers.plain,
    port: servers.secure,
    plugin,
    answer,
    data,
    pem,
    named,
    httpProxy,
    socksProxy,
  }
}
export type CaseParts = ReturnType<typeof casePartsOf>
