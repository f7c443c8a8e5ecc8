/** Clusters that are broken in one way each: a run says which, in words, ends, and leaves nothing behind. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ClusterApi } from '../../fixtures/cluster/api.ts'
import { npaRace, runRace, type CliResult } from '../suite/cli.ts'
import { agentOf, replaceAgents, withoutAgents } from './agent-nodes.ts'
import { breakable, breakableNode, cannotBreak } from './break-cluster.ts'
import { clusterResidue } from './cluster-residue.ts'
import { cordoned } from './cordoned.ts'
import { fakeAgent } from './fake-agent.ts'
import { leastUser } from './least-rights.ts'
import { onCluster, whySkipped } from './needs-cluster.ts'

const real = {
  container: 'aws-eks-nodeagent',
  flags: ['--enable-network-policy=true', '--conntrack-cache-cleanup-period=4'],
}

describe.skipIf(!onCluster)(`broken clusters${whySkipped}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  const owner = `spec-${process.pid}`
  let api: ClusterApi
  let settings: Record<string, string>
  let before: string[]
  let folder: string
  const race = (more: Readonly<Record<string, string>>, kill?: () => Promise<unknown>): Promise<CliResult> =>
    runRace(
      { ...settings, ...more },
      { args: ['specs/race', '-t', 'subject.*attempt'], ...(kill && { at: { when: 'attempt 1 of', run: kill } }) },
    )
  const kubeconfig = (change: (config: Record<string, unknown>) => void): string => {
    const config = JSON.parse(api.kubeconfig.config.exportConfig()) as Record<string, unknown>
    change(config)
    const file = join(folder, 'kubeconfig')
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
    return file
  }

  beforeAll(async () => {
    api = ClusterApi.load()
    folder = mkdtempSync(join(tmpdir(), 'npa-race-broken-'))
    settings = {
      RACE_TARGET: 'kubeconfig',
      RACE_CLEANUP_PERIOD: String((await agentOf(api)).cleanupPeriod),
      RACE_ALLOW_NODE_CHANGES: 'true',
      RACE_EXPECT: 'lost',
    }
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  beforeEach(async () => {
    before = await clusterResidue(api)
  })

  /** What a run that was refused comes to. */
  const refused = async ({ exitCode, output }: CliResult) => ({
    exitCode,
    output,
    isLeft: (await clusterResidue(api)).filter((object) => !before.includes(object)),
  })
  const saying = (words: RegExp) => ({ exitCode: 3, output: expect.stringMatching(words) as unknown, isLeft: [] })

  describe('before anything is made: exit 3', () => {
    test.for([
      ['no kubeconfig', { KUBECONFIG: '/nowhere/config' }, /there is no kubeconfig \/nowhere\/config/],
      [
        'no agent',
        { RACE_NPA_NAMESPACE: 'default' },
        /no pod of the agent in namespace default, neither by app=aws-node/,
      ],
      [
        'another cleanup period',
        { RACE_CLEANUP_PERIOD: '7' },
        /cleanup_period is 7 s, and the agent runs with .*set RACE_CLEANUP_PERIOD=/,
      ],
      [
        'another address family',
        { RACE_IP: '6' },
        /the agent runs with --enable-ipv6=false, and ip is 6: set RACE_IP=4/,
      ],
      [
        'one name for both pods',
        { RACE_CLIENT_POD: 'a', RACE_SERVER_POD: 'a' },
        /client_pod and server_pod are both a/,
      ],
      [
        'no consent',
        { RACE_TRIGGER: 'exact', RACE_ALLOW_NODE_CHANGES: 'false' },
        /trigger exact is not possible here, observed is: allow_node_changes/,
      ],
    ] as const)('%s', async ([, more, words]) => {
      expect(await refused(await race(more))).toEqual(saying(words))
    })

    test('an API that does not answer', async () => {
      const file = kubeconfig((config) => {
        for (const { cluster } of config['clusters'] as { cluster: { server: string } }[])
          cluster.server = 'https://127.0.0.1:59'
      })
      expect(await refused(await race({ KUBECONFIG: file }))).toEqual(
        saying(/no answer from https:\/\/127\.0\.0\.1:59: .*is the cluster up/),
      )
    })

    test('credentials that are not accepted', async () => {
      const file = kubeconfig((config) => {
        config['users'] = [
          { name: api.kubeconfig.config.getCurrentUser()?.name, user: { token: 'not-a-token-of-anybody' } },
        ]
      })
      expect(await refused(await race({ KUBECONFIG: file }))).toEqual(
        saying(/answered 401: .*credentials of the kubeconfig are not accepted/),
      )
    })

    test('too few rights', async () => {
      await using user = await leastUser(api, owner, 'kube-system')
      const { exitCode, output } = await race({ KUBECONFIG: user.file, RACE_NAMESPACE: 'default' })
      expect(exitCode, output).toBe(3)
      expect(output).toMatch(/lacks rights: create pods in default; .*create pods\/exec in default/)
    })

    test('pods that are none of the agent’s', async () => {
      await using fake = await fakeAgent(api, owner, { container: 'other', flags: [] })
      const { exitCode, output } = await race({ RACE_NPA_NAMESPACE: fake.namespace })
      expect(exitCode, output).toBe(3)
      expect(output).toMatch(
        /labelled app=aws-node in npa-race-fake-\d+ have no container aws-eks-nodeagent.* They have other/,
      )
    })

    test('a policy engine that is switched off', async () => {
      const flags = ['--enable-network-policy=false', '--conntrack-cache-cleanup-period=4']
      await using fake = await fakeAgent(api, owner, { ...real, flags })
      const { exitCode, output } = await race({ RACE_NPA_NAMESPACE: fake.namespace, RACE_CLEANUP_PERIOD: '4' })
      expect(exitCode, output).toBe(3)
      expect(output).toMatch(/policy engine is switched off: .*--enable-network-policy=true.*enableNetworkPolicy/)
    })
  })

  describe('during the set-up: exit 3', () => {
    test('an image that cannot be pulled', async () => {
      expect(await refused(await race({ RACE_IMAGE: 'registry.invalid/nobody:1' }))).toEqual(
        saying(/test-client-.* does not start: .*can its node pull registry\.invalid\/nobody:1\?/),
      )
    })

    test('no node takes pods', async () => {
      await using _ = await cordoned(api)
      expect(await refused(await race({}))).toEqual(
        saying(/pod .*test-client-.* runs; last seen: phase Pending, Unschedulable: .*kubectl uncordon/),
      )
    })

    test('a policy that is not in force', async () => {
      const back = await withoutAgents(api)
      try {
        await using fake = await fakeAgent(api, owner, real)
        const { exitCode, output } = await race({ RACE_NPA_NAMESPACE: fake.namespace, RACE_CLEANUP_PERIOD: '4' })
        expect(exitCode, output).toBe(3)
        expect(output).toMatch(/policy is not in force: a port that it forbids answers/)
      } finally {
        await back()
      }
    })
  })

  describe('in mid-run: exit 2', () => {
    test('the client’s pod is deleted', async () => {
      const { exitCode, output } = await race({ RACE_ITERATIONS: '20' }, async () => {
        const { items } = await api.call('list pods', ({ core }) =>
          core.listPodForAllNamespaces({ labelSelector: 'npa-race/role=client' }),
        )
        const { name = '', namespace = '' } = items[0]?.metadata ?? {}
        await api.call('delete the client', ({ core }) => core.deleteNamespacedPod({ name, namespace }))
      })
      expect(exitCode, output).toBe(2)
      expect(output).toContain('a program of the suite was lost')
      expect(await clusterResidue(api)).toEqual(before)
    })

    test('the agent is replaced', async () => {
      const { exitCode, output } = await race({ RACE_ITERATIONS: '20' }, () => replaceAgents(api))
      expect(exitCode, output).toBe(2)
      expect(output).toMatch(/the agent was lost .*\(process \d+ of its node\) has ended: was its pod restarted/)
    })

    test.skipIf(cannotBreak)('the API stops answering', async () => {
      const server = breakable('api')
      const { exitCode, output } = await race({ RACE_ITERATIONS: '20', KUBECTL_TIMEOUT: '3' }, server.stop)
      await server.goOn()
      expect(exitCode, output).toBe(2)
      expect(output).toMatch(/a program of the suite was lost|not seen: /)
      const cleanup = await npaRace(['cleanup'])
      expect(cleanup.exitCode, cleanup.output).toBe(0)
      expect(await clusterResidue(api)).toEqual(before)
    })

    const withNodeStopped = async () => {
      const node = breakable('node')
      const result = await race({ RACE_ITERATIONS: '20' }, node.stop)
      await node.goOn()
      await npaRace(['cleanup'])
      return { ...result, after: await clusterResidue(api) }
    }
    const lost = () => ({
      exitCode: 2,
      output: expect.stringContaining('a program of the suite was lost') as unknown,
      after: before,
    })

    test.skipIf(cannotBreak)('the node of one of the pods stops answering', async () => {
      expect(await withNodeStopped()).toMatchObject(lost())
    })

    test.skipIf(cannotBreak)('the node of both pods stops answering', async () => {
      await using _ = await cordoned(api, await breakableNode())
      expect(await withNodeStopped()).toMatchObject(lost())
    })
  })
})
