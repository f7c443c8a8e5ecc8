/**
 * Target kind: a run creates a cluster, installs the agent, makes the race happen, and leaves nothing. That takes minutes, so these specs run only if
 * their tag is given: npx vitest run specs/cluster --tags-filter kind. RACE_KIND_IMAGE applies to them.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../../fixtures/system/command.ts'
import { providers } from '../../fixtures/targets/providers/providers.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { wholeFixed } from '../npa-releases.ts'
import { npaRace, runRace, type CliOptions } from '../suite/cli.ts'
import { checkoutOf, pathWithout, type Change } from '../suite/npa-checkout.ts'
import { whyNotOn } from './needs-provider.ts'
import { podPath, WatchPods } from './watch-pods.ts'

const image = process.env['RACE_KIND_IMAGE']
const onKind = { RACE_TARGET: 'kind', ...(image !== undefined && { RACE_KIND_IMAGE: image }) }
const { kind } = providers
const clusters = () => kind.clusters()

const noGuard: Change = {
  file: 'pkg/ebpf/conntrack/conntrack_client.go',
  from: 'if c.isEntryActive(',
  to: 'if false && c.isEntryActive(',
}

const tags = ['kind', 'npa'] as const
const skipped = await whyNotOn('kind')
describe.skipIf(skipped !== '')(`kind${skipped}`, { tags: [...tags], timeout: 1_200_000 }, () => {
  const lost = { ...onKind, RACE_AGENT: 'npa:v1.4.1', RACE_EXPECT: 'lost' }

  test('creates a cluster, in which the release without the fix loses, and deletes it', async () => {
    const before = await clusters()
    const { exitCode, output, summary } = await runRace(lost)
    expect(exitCode, output).toBe(0)
    expect(output).toMatch(/s {2}kind: cluster npa-race-\S+ is up/)
    expect(output).toMatch(/proven on 3 nodes/)
    expect(summary).toMatchObject({ target: 'kind', verdict: 'pass' })
    expect(summary?.cohorts[1]).toMatchObject({ agent: 'npa:v1.4.1', mapLayout: '24/1', lost: 8, disagreements: 0 })
    expect(await clusters()).toEqual(before)
  })

  describe('a cluster that is kept', () => {
    let name = ''
    let kubeconfig = ''
    afterAll(async () => {
      if (!name) return
      await kind.delete(name)
      rmSync(kubeconfig, { force: true })
    })
    const inCluster = (settings: Readonly<Record<string, string>>, options?: CliOptions) =>
      runRace({ ...onKind, RACE_CLUSTER: name, RACE_ALLOW_NODE_CHANGES: 'true', ...settings }, options)
    const judged = async (changes: readonly Change[]) => {
      using checkout = await checkoutOf(wholeFixed.version, [...wholeFixed.changes, ...changes])
      const replace = wholeFixed.flags.filter((flag) => flag.includes('=')).join(',')
      return await inCluster({ RACE_AGENT: `npa:${checkout.folder}`, RACE_GO_REPLACE: replace })
    }

    test('the run prints how to reach it', async () => {
      const { exitCode, output } = await runRace({ ...lost, RACE_KEEP: 'true' })
      name = /RACE_CLUSTER=(\S+?);/.exec(output)?.[1] ?? ''
      kubeconfig = /export KUBECONFIG=(\S+)/.exec(output)?.[1] ?? ''
      expect(exitCode, output).toBe(0)
      expect(await clusters()).toContain(name)
    })

    test('npa-race watch runs on every node by its image, and finds what a run loses on one of them', async () => {
      const built = await npaRace(['watch-image'])
      expect(built.exitCode, built.output).toBe(0)
      const watched = built.output.trim().split('\n').at(-1) ?? ''
      await run('kind', ['load', 'docker-image', watched, '--name', name], { timeoutSeconds: 120 })
      await using pods = await WatchPods.start(kubeconfig, (daemonSet) =>
        daemonSet.setIn([...podPath, 'containers', 0, 'image'], watched),
      )
      expect(await pods.denied()).toEqual([0, 0, 0])
      const { exitCode, output, summary } = await inCluster({ RACE_AGENT: 'npa:v1.4.1', RACE_EXPECT: 'lost' })
      expect(exitCode, output).toBe(0)
      expect(summary?.cohorts[1]).toMatchObject({ lost: 8 })
      expect(await pods.foundOnOneNode()).toBeGreaterThanOrEqual(8)
    })

    test('accepts the release with the fix, which loses nothing; the run prints how to remove it', async () => {
      const { exitCode, output, summary } = await judged([])
      expect(exitCode, output).toBe(0)
      expect(output).toContain(`npx npa-race install-npa --remove --kubeconfig ${name}.kubeconfig`)
      expect(summary?.cohorts[1]).toMatchObject({ mapLayout: '24/16', lost: 0, disagreements: 0 })
    })

    test('accepts a checkout whose cleanup was broken, and finds that it loses flows', async () => {
      const { exitCode, output, summary } = await judged([noGuard])
      expect(exitCode, output).toBe(1)
      expect(summary?.cohorts[1]).toMatchObject({ verdict: 'contrary', lost: 8 })
      expect(await clusters()).toContain(name)
    })
  })

  test('IPv6: the release without the fix loses', async () => {
    const name = `npa-race-v6-${process.pid}`
    // One node, because pods on two nodes reach each other only if the CNI of the node image sets up IPv6 routes.
    const config = '{kind: Cluster, apiVersion: kind.x-k8s.io/v1alpha4, networking: {ipFamily: ipv6}}'
    using folder = temporaryFolder('v6')
    const flags = ['--kubeconfig', join(folder.path, 'config'), ...(image === undefined ? [] : ['--image', image])]
    try {
      const args = ['create', 'cluster', '--name', name, '--config', '-', '--wait', '120s', ...flags]
      await run('kind', args, { input: config, timeoutSeconds: 300 })
      const v6 = { RACE_IP: '6', RACE_CLUSTER: name, RACE_ALLOW_NODE_CHANGES: 'true' }
      const { exitCode, output, summary } = await runRace({ ...lost, ...v6 })
      expect(exitCode, output).toBe(0)
      expect(summary?.cohorts[1]).toMatchObject({ ip: 6, mapLayout: '60/1', lost: 8, disagreements: 0 })
    } finally {
      await kind.delete(name)
    }
  })

  test.for([
    { signal: 'SIGINT', when: 'creating the cluster' },
    { signal: 'SIGTERM', when: 'is up' },
    { signal: 'SIGINT', when: 'attempt 1 of' },
  ] as const)('$signal at "$when": deletes the cluster: exit 130', async ({ signal, when }) => {
    const before = await clusters()
    const { exitCode, output } = await runRace(lost, { kill: { signal, when } })
    expect(exitCode, output).toBe(130)
    expect(await clusters()).toEqual(before)
  })

  test('SIGKILL: npa-race cleanup deletes the cluster', async () => {
    const before = await clusters()
    const { exitCode } = await runRace(lost, { kill: { signal: 'SIGKILL', when: 'is up' } })
    expect(exitCode).toBe(137)
    expect((await clusters()).length).toBe(before.length + 1)
    const { output } = await npaRace(['cleanup'])
    expect(output).toMatch(/undone: kind-cluster npa-race-/)
    expect(await clusters()).toEqual(before)
  })

  test('a run that is refused after it has created the cluster deletes it: exit 3', async () => {
    const before = await clusters()
    const { exitCode, output } = await runRace({ ...lost, RACE_CLIENT_POD: 'a', RACE_SERVER_POD: 'a' })
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/cluster npa-race-\S+ is up[^]*client_pod and server_pod are both a/)
    expect(await clusters()).toEqual(before)
  })

  test('a release that does not exist: exit 3, before a cluster is created', async () => {
    const { exitCode, output } = await runRace({ ...lost, RACE_AGENT: 'npa:v0.0.1' })
    expect(exitCode, output).toBe(3)
    expect(output).not.toContain('creating the cluster')
  })

  test('without kind on this machine: exit 3, and how to install it', async () => {
    using path = pathWithout(/^kind$/)
    const { exitCode, output } = await runRace({ ...lost, PATH: path.folder })
    expect(exitCode, output).toBe(3)
    expect(output).toContain('kind is not on PATH: install it (a single file), see https://kind.sigs.k8s.io')
  })

  test('without a Docker daemon: exit 3, and what to do', async () => {
    const { exitCode, output } = await runRace({ ...lost, DOCKER_HOST: 'unix:///nowhere/docker.sock' })
    expect(exitCode, output).toBe(3)
    expect(output).toContain('kind needs a Docker daemon, and none answers: start it, or set DOCKER_HOST')
  })

  test('a cluster that does not exist: exit 3, and the names of those that do', async () => {
    const { exitCode, output } = await runRace({ ...lost, RACE_KIND_CLUSTER: 'nowhere' })
    expect(exitCode, output).toBe(3)
    expect(output).toContain('there is no kind cluster named nowhere (RACE_CLUSTER)')
    const doctor = await npaRace(['doctor'], { ...lost, RACE_KIND_CLUSTER: 'nowhere' })
    expect(doctor.exitCode, doctor.output).toBe(3)
    expect(doctor.output).toContain('✗ there is no kind cluster named nowhere')
  })
})
