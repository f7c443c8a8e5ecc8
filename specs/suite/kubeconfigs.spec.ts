/**
 * Reads kubeconfigs as kubectl does: over a table, both succeed or both fail, and the API server sees the same credentials, in the same way. Where
 * no kubectl is on the PATH, the table alone says what is expected.
 */
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, onTestFinished, test as base, vi } from 'vitest'
import { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { messageOf } from '../../helpers/text.ts'
import type { KubeconfigCase } from './kubeconfigs/case-parts.ts'
import { kubeconfigCases } from './kubeconfigs/table.ts'
import { makeCertificates } from './kubeconfigs/test-certificates.ts'
import { startServers, type TestServers } from './kubeconfigs/test-servers.ts'

const kubectl = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'kubectl'))
  .find((path) => existsSync(path))

/** Prints the answer of a login plugin. */
const plugin = `#!/bin/sh
echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"from-the-plugin"}}'
`

const test = base
  .extend('folder', { scope: 'file' }, ({}, { onCleanup }) => {
    const folder = temporaryFolder('kubeconfigs')
    onCleanup(() => folder[Symbol.dispose]())
    for (const [name, text] of [
      ['token.txt', ' from-the-file\n'],
      ['empty.txt', '\n'],
      ['plugin', plugin],
    ] as const)
      writeFileSync(join(folder.path, name), text)
    chmodSync(join(folder.path, 'plugin'), 0o700)
    return folder.path
  })
  .extend('pem', { scope: 'file' }, ({ folder }) => makeCertificates(folder))
  .extend('servers', { scope: 'file' }, async ({ pem }, { onCleanup }) => {
    const servers = await startServers({ ca: pem('ca.crt'), cert: pem('server.crt'), key: pem('server.key') })
    onCleanup(() => servers[Symbol.asyncDispose]())
    return servers
  })
  /** Writes the files of a case. @returns the variables with which it is read */
  .extend(
    'prepare',
    ({ folder, pem, servers }) =>
      (name: string): KubeconfigCase & { readonly variables: Record<string, string> } => {
        const found = kubeconfigCases({ servers, pem }).find((each) => each.name === name)
        if (!found) throw new Error(`bug: there is no case ${name}`)
        const paths = found.files.map((text, index) => {
          const path = join(folder, `config-${index}`)
          writeFileSync(path, text)
          return path
        })
        return { ...found, variables: { KUBECONFIG: paths.join(delimiter), HOME: folder, ...found.env } }
      },
  )

/** Only the names are needed before the servers run. */
const cases = kubeconfigCases({ servers: { secure: 1, plain: 1, httpProxy: 1, socksProxy: 1 }, pem: (name) => name })

/** The variables that change how a cluster is reached. */
const cleared = Object.fromEntries(
  ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [
    [name, ''],
    [name.toLowerCase(), ''],
  ]),
)

interface Outcome {
  /** Why it failed. */
  readonly failure: string | undefined
  readonly seen: ReturnType<TestServers['take']>
}

async function ours(servers: TestServers, variables: Readonly<Record<string, string>>): Promise<Outcome> {
  for (const [name, value] of Object.entries({ ...cleared, ...variables })) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
  return outcome(servers, async () => {
    await ClusterApi.load().call('read the version', ({ version }) => version.getCode())
  })
}

// kubectl asks for a user name if there is none; the empty lines say that there is none.
const theirs = (program: string, servers: TestServers, variables: Readonly<Record<string, string>>): Promise<Outcome> =>
  outcome(servers, async () => {
    await run(program, ['get', '--raw', '/version'], { env: { ...cleared, ...variables }, input: '\n\n' })
  })

async function outcome(servers: TestServers, ask: () => Promise<void>): Promise<Outcome> {
  servers.take()
  const failure = await ask().then(
    () => undefined,
    (error: unknown) => messageOf(error),
  )
  return { failure, seen: servers.take() }
}

/** What has to be the same: whether it succeeds, and if so, with which credentials and by which way. */
const comparable = ({ failure, seen: { requests, proxies } }: Outcome) =>
  failure === undefined ? { proxies, requests: requests.map(({ path: _, ...request }) => request) } : 'it fails'

const accepted = cases.filter(({ refused }) => !refused).map(({ name }) => name)
const refused = cases.filter((each) => each.refused).map(({ name }) => name)
const known = cases.filter(({ onlyOurs }) => !onlyOurs).map(({ name }) => name)

describe('a kubeconfig', { tags: ['lab'], timeout: 60_000 }, () => {
  test.for(accepted)('is accepted: %s', async (name, { prepare, servers }) => {
    const { variables, path = '/version' } = prepare(name)
    const { failure, seen } = await ours(servers, variables)
    expect(failure).toBeUndefined()
    expect(seen.requests).toMatchObject([{ path }])
  })

  test.for(refused)('is refused in words: %s', async (name, { prepare, servers }) => {
    const { variables, refused: words = /never/ } = prepare(name)
    expect((await ours(servers, variables)).failure).toMatch(words)
  })

  describe.skipIf(kubectl === undefined)('kubectl agrees', () => {
    test.for(known)('%s', async (name, { prepare, servers }) => {
      const { variables } = prepare(name)
      const our = await ours(servers, variables)
      expect(comparable(our), our.failure).toEqual(comparable(await theirs(kubectl ?? '', servers, variables)))
    })
  })
})

test('at least 40 kubeconfigs are compared', () => {
  expect(known.length).toBeGreaterThanOrEqual(40)
})
