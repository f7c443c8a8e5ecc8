/** A run on a broken cluster, one fault at a time: the run says what is wrong, exits with 3, and leaves nothing behind. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { runRace, type CliResult } from '../suite/cli.ts'
import { settingsOf, withoutAgents } from './agent-nodes.ts'
import { clusterResidue } from './cluster-residue.ts'
import { cordon } from './cordon.ts'
import { fakeAgent } from './fake-agent.ts'
import { leastUser } from './least-rights.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'

const real = {
  container: 'aws-eks-nodeagent',
  flags: ['--enable-network-policy=true', '--conntrack-cache-cleanup-period=4'],
}

describe.skipIf(!onCluster)(`a broken cluster${whySkipped}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  const owner = `spec-${process.pid}`
  let api: ClusterApi
  let settings: Record<string, string>
  let before: string[]
  let folder: string
  const race = (more: Readonly<Record<string, string>>): Promise<CliResult> =>
    runRace({ ...settings, ...more }, { args: ['specs/race', '-t', 'subject.*attempt'] })
  const kubeconfig = (change: (config: Record<string, unknown>) => void): string => {
    const config = JSON.parse(api.kubeconfig.config.exportConfig()) as Record<string, unknown>
    change(config)
    const file = join(folder, 'kubeconfig')
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
    return file
  }

  beforeAll(async () => {
    api = clusterOfRun()
    folder = mkdtempSync(join(tmpdir(), 'npa-race-broken-'))
    settings = await settingsOf(api)
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  beforeEach(async () => {
    before = await clusterResidue(api)
  })

  /** What is compared of a run that was refused. */
  const outcomeOf = async ({ exitCode, output }: CliResult) => ({
    exitCode,
    output,
    left: (await clusterResidue(api)).filter((object) => !before.includes(object)),
  })
  const refusal = (message: RegExp) => ({ exitCode: 3, output: expect.stringMatching(message) as unknown, left: [] })

  describe('is refused before anything is created: exit 3', () => {
    test.for([
      ['no kubeconfig', { KUBECONFIG: '/nowhere/config' }, /there is no kubeconfig \/nowhere\/config/],
      [
        'no agent',
        { RACE_NPA_NAMESPACE: 'default' },
        /no pod of the agent in namespace default: none is labelled app=aws-node/,
      ],
      [
        'another cleanup period',
        { RACE_CLEANUP_PERIOD: '7' },
        /cleanup_period is 7 s, but the agent runs with .*set RACE_CLEANUP_PERIOD=/,
      ],
      [
        'another address family',
        { RACE_IP: '6' },
        /ip is 6, but the agent runs with --enable-ipv6=false: set RACE_IP=4/,
      ],
      [
        'one name for both pods',
        { RACE_CLIENT_POD: 'a', RACE_SERVER_POD: 'a' },
        /client_pod and server_pod are both a/,
      ],
      [
        'no consent',
        { RACE_TRIGGER: 'exact', RACE_ALLOW_NODE_CHANGES: 'false' },
        /RACE_TRIGGER=exact is not possible on this cluster: allow_node_changes .*The strongest possible trigger is observed/,
      ],
    ] as const)('%s', async ([, more, message]) => {
      expect(await outcomeOf(await race(more))).toEqual(refusal(message))
    })

    test('an API server that does not answer', async () => {
      const file = kubeconfig((config) => {
        for (const { cluster } of config['clusters'] as { cluster: { server: string } }[])
          cluster.server = 'https://127.0.0.1:59'
      })
      expect(await outcomeOf(await race({ KUBECONFIG: file }))).toEqual(
        refusal(/no answer from https:\/\/127\.0\.0\.1:59: .*Check that the cluster runs/),
      )
    })

    test('credentials that are not accepted', async () => {
      const file = kubeconfig((config) => {
        config['users'] = [{ name: api.kubeconfig.config.getCurrentUser()?.name, user: { token: 'not-a-valid-token' } }]
      })
      expect(await outcomeOf(await race({ KUBECONFIG: file }))).toEqual(
        refusal(/answered 401: .*credentials of the kubeconfig are not accepted/),
      )
    })

    test('too few rights', async () => {
      await using user = await leastUser(api, owner, ['without-probe', 'without-controller'])
      const { exitCode, output } = await race({ KUBECONFIG: user.file, RACE_NAMESPACE: 'default' })
      expect(exitCode, output).toBe(3)
      expect(output).toMatch(/lacks rights: create pods in default; .*create pods\/exec in default/)
    })

    test('pods that are not the agent’s', async () => {
      await using fake = await fakeAgent(api, owner, { container: 'other', flags: [] })
      const { exitCode, output } = await race({ RACE_NPA_NAMESPACE: fake.namespace })
      expect(exitCode, output).toBe(3)
      expect(output).toMatch(
        /labelled app=aws-node in namespace npa-race-fake-\d+ have no container aws-eks-nodeagent; they have other/,
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

  describe('is refused during the set-up: exit 3', () => {
    test('an agent whose period is not that of production, if the specs need it', async () => {
      const args = ['specs/race', '--tags-filter=production', '-t', 'subject.*attempt 1$']
      expect(await outcomeOf(await runRace(settings, { args }))).toEqual(
        refusal(
          /needs a cleanup period of 300 s, but the agent on node \S+ runs with \d+ s: .*RACE_CLEANUP_PERIOD=300/,
        ),
      )
    })

    test('an image that cannot be pulled', async () => {
      expect(await outcomeOf(await race({ RACE_IMAGE: 'registry.invalid/none:1' }))).toEqual(
        refusal(/test-client-.* does not start: .*check that its node can pull registry\.invalid\/none:1,/),
      )
    })

    test('no node that accepts pods', async () => {
      await using _ = await cordon(api)
      expect(await outcomeOf(await race({}))).toEqual(
        refusal(/pod .*test-client-.* runs; last seen: phase Pending, Unschedulable: .*kubectl uncordon/),
      )
    })

    test('a policy that is not enforced', async () => {
      const back = await withoutAgents(api)
      try {
        await using fake = await fakeAgent(api, owner, real)
        const { exitCode, output } = await race({ RACE_NPA_NAMESPACE: fake.namespace, RACE_CLEANUP_PERIOD: '4' })
        expect(exitCode, output).toBe(3)
        expect(output).toMatch(/policy is not in force: the client reaches a port that the policy forbids/)
      } finally {
        await back()
      }
    })
  })
})
