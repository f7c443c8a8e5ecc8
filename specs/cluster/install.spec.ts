/**
 * `npa-race install-npa` on a real cluster: installs an agent, replaces it by another version, and removes it. It leaves the cluster without an
 * agent.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { installedImage } from '../../fixtures/install/existing-install.ts'
import { agentContainer, agentDaemonSet } from '../../fixtures/install/manifests.ts'
import { ProofPods } from '../../fixtures/install/proof.ts'
import { rolledOut } from '../../fixtures/install/rollout.ts'
import { npaRace, type CliOptions } from '../suite/cli.ts'
import { checkoutOf } from '../suite/npa-checkout.ts'
import { wholeFixed } from '../npa-releases.ts'
import { foreignAgent } from './foreign-agent.ts'
import { definitionsIn, printedDefinitions, proofsIn, type Definition } from './installed-objects.ts'
import { installKubeconfig, loaderSettings, whyNotInstalled } from './needs-install-cluster.ts'
import { viewOf, type NodeView } from './node-view.ts'
import { startRegistry } from './registry.ts'

/** The version that v1.4.1 asks for anyway. It builds the same agent as another image, which is not on any node. */
const sameModule = 'github.com/aws/aws-ebpf-sdk-go=v1.0.15'

describe.skipIf(installKubeconfig === undefined)(
  `install-npa${whyNotInstalled}`,
  { tags: ['cluster', 'npa'], timeout: 1_200_000 },
  () => {
    const owner = `spec-${process.pid}`
    let api: ClusterApi
    /** The key is the address of the node. */
    const views = new Map<string, NodeView>()
    let before: string[] = []
    /** The custom resource definitions that the agent's image prints, for installing by hand. */
    let printed: Definition[] = []
    const look = () => Promise.all([...views.values()].map((view) => view.look()))
    const install = (...args: string[]) => npaRace(['install-npa', '--period', '4', ...args], loaderSettings)
    const interrupted = (kill: NonNullable<CliOptions['kill']>) =>
      npaRace(['install-npa', '--period', '4', '--agent', 'npa:v1.4.1'], loaderSettings, { kill })
    const agents = () => rolledOut(api, agentDaemonSet)
    /** Creates pods under a policy. Unlike those of a proof, they stay when the agent is installed or removed. */
    const isolated = async () => {
      const image = await installedImage(api)
      if (!image) throw new Error('no agent is installed')
      const pods = await ProofPods.start(api, await agents(), image, undefined, { owner })
      await pods.isolate()
      return pods
    }

    beforeAll(async () => {
      vi.stubEnv('KUBECONFIG', installKubeconfig)
      api = ClusterApi.load()
      await npaRace(['install-npa', '--remove'])
      const { items } = await api.call('list the nodes', ({ core }) => core.listNode())
      for (const { metadata, status } of items) {
        const address = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? ''
        views.set(address, await viewOf(api, owner, metadata?.name ?? ''))
      }
      before = await look()
    }, 300_000)
    afterAll(async () => {
      await Promise.all([...views.values()].map((view) => view[Symbol.asyncDispose]()))
      vi.unstubAllEnvs()
    })

    test('installs a release, and proves on every node that it enforces', async () => {
      const { exitCode, output } = await install('--agent', 'npa:v1.4.1')
      expect(exitCode, output).toBe(0)
      expect(output).toMatch(
        new RegExp(`proven on ${views.size} nodes: an allowed flow is in the map \\(24/1\\), a denied one is dropped`),
      )
      expect((await look()).join('\n')).toContain('global_aws_conntrack_map')
    })

    test('the image prints the definitions that were installed', async () => {
      printed = await printedDefinitions(api, (await agents())[0])
      expect(printed.map(({ metadata }) => metadata.name).toSorted()).toEqual(await definitionsIn(api))
    })

    test('a second installation changes nothing, takes seconds, and leaves no files on this machine', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'npa-race-left-'))
      const start = performance.now()
      const { exitCode, output } = await npaRace(['install-npa', '--period', '4', '--agent', 'npa:v1.4.1'], {
        ...loaderSettings,
        TMPDIR: folder,
      })
      expect(exitCode, output).toBe(0)
      expect((performance.now() - start) / 1000).toBeLessThan(60)
      expect(readdirSync(folder)).toEqual([])
      rmSync(folder, { recursive: true })
    })

    test('a checkout with another map layout replaces it, also for running pods', async () => {
      using checkout = await checkoutOf(wholeFixed.version, wholeFixed.changes)
      await using pods = await isolated()
      expect((await pods.enforced(await agents())).layout).toBe('24/1')
      const { exitCode, output } = await install('--agent', `npa:${checkout.folder}`, ...wholeFixed.flags)
      expect(exitCode, output).toBe(0)
      expect(output).toContain('in the map (24/16)')
      expect((await pods.enforced(await agents())).layout).toBe('24/16')
    })

    test('the release replaces the checkout', async () => {
      const { exitCode, output } = await install('--agent', 'npa:v1.4.1')
      expect(exitCode, output).toBe(0)
      expect(output).toContain('in the map (24/1)')
    })

    test('--load tar, and no node has the image: exit 3, how to import it, and the old agent keeps running', async () => {
      const running = await installedImage(api)
      const podsOfIt = async () => (await agents()).map(({ metadata }) => metadata?.uid ?? '').toSorted()
      const there = await podsOfIt()
      const { exitCode, output } = await install('--load', 'tar', '--agent', 'npa:v1.4.1', '--go-replace', sameModule)
      expect(exitCode, output).toBe(3)
      const archive = /its archive is (\S+image\.tar): copy it/.exec(output)?.[1] ?? ''
      expect(output).toMatch(
        /the image npa-race\/agent:v1\.4\.1-\S+ is not on every node, and nothing was applied; it is missing on /,
      )
      expect(existsSync(archive), output).toBe(true)
      expect(output).toContain(`\n  ctr --namespace k8s.io images import ${archive}\n  then run this command again`)
      expect(await installedImage(api)).toEqual(running)
      expect(await podsOfIt()).toEqual(there)
    })

    test('--load tar, and every node has the image: it is installed', async () => {
      const { exitCode, output } = await install('--load', 'tar', '--agent', 'npa:v1.4.1')
      expect(exitCode, output).toBe(0)
      expect(output).toContain(`proven on ${views.size} nodes`)
      expect((await installedImage(api))?.image).toMatch(/^npa-race\/agent:v1\.4\.1-/)
    })

    test.for([
      { signal: 'SIGINT', when: 'agent ready on' },
      { signal: 'SIGTERM', when: 'the test pods answer' },
    ] as const)('$signal at "$when": deletes the proof, and prints what stays: exit 130', async (kill) => {
      const { exitCode, output } = await interrupted(kill)
      expect(exitCode, output).toBe(130)
      expect(output).toMatch(/interrupted: what was installed of the agent stays in the cluster; .*--remove removes it/)
      expect(await proofsIn(api)).toEqual([])
      expect(await agents()).toHaveLength(views.size)
    })

    test('SIGKILL during the proof: npa-race cleanup deletes the proof', async () => {
      const { exitCode, output } = await interrupted({ signal: 'SIGKILL', when: 'the test pods answer' })
      expect(exitCode, output).toBe(137)
      const [left = 'none'] = await proofsIn(api)
      expect(left).toMatch(/^npa-race-proof-/)
      expect((await npaRace(['cleanup'])).output).toContain(`undone: Namespace ${left} in the cluster of `)
      expect(await proofsIn(api)).toEqual([])
    })

    // After the tests that load archives: once an image was pulled by another name, containerd 1.6 does not find it by the name of its archive.
    test('--push: pushes the image to a registry, from which the nodes pull it', async () => {
      await using registry = await startRegistry()
      for (const [address, view] of views) await registry.serveOn(view, address)
      const { exitCode, output } = await install('--agent', 'npa:v1.4.1', '--push', registry.address)
      expect(exitCode, output).toBe(0)
      expect(output).toContain(`proven on ${views.size} nodes`)
      const { image } = (await installedImage(api)) ?? {}
      expect(image).toMatch(new RegExp(`^${registry.address}/agent:v1\\.4\\.1-`))
      const pulled = (await agents()).map(
        ({ status }) => status?.containerStatuses?.find(({ name }) => name === agentContainer)?.imageID,
      )
      expect(new Set(pulled)).toEqual(new Set([await registry.digestOf(image ?? '')]))
    })

    test('--push to a registry that does not answer: exit 3, and the old agent keeps running', async () => {
      const running = await installedImage(api)
      const { exitCode, output } = await install('--agent', 'npa:v1.4.1', '--push', '127.0.0.1:1')
      expect(exitCode, output).toBe(3)
      expect(output).toMatch(/the image could not be pushed to 127\.0\.0\.1:1\/agent:.*connection refused/)
      expect(await installedImage(api)).toEqual(running)
    })

    test('--remove restores the nodes, and no policy is enforced', async () => {
      await using pods = await isolated()
      await pods.enforced(await agents())
      const { exitCode, output } = await npaRace(['install-npa', '--remove'])
      expect(exitCode, output).toBe(0)
      await pods.opened()
      await pods[Symbol.asyncDispose]()
      expect(await look()).toEqual(before)
    })

    test('--remove also deletes definitions that were applied by hand from the image', async () => {
      for (const definition of printed)
        await api.call('create a definition', ({ objects }) => objects.create(definition))
      expect(await definitionsIn(api)).toHaveLength(printed.length)
      const { exitCode, output } = await npaRace(['install-npa', '--remove'])
      expect(exitCode, output).toBe(0)
      expect(output).toContain(`deleted ${printed.length} more objects: nothing is left`)
      expect(await definitionsIn(api)).toEqual([])
    })

    test.for([['--agent', 'npa:v1.4.1'], ['--remove']])(
      '%s on a cluster with an agent that npa-race did not install: refused, and that agent is left alone',
      async (args) => {
        await using foreign = await foreignAgent(api)
        const there = await foreign.read()
        const { exitCode, output } = await install(...args)
        expect(exitCode, output).toBe(3)
        expect(output).toContain(
          'this cluster has an agent that was not installed by npa-race (DaemonSet kube-system/aws-node)',
        )
        expect(await foreign.read()).toEqual(there)
      },
    )
  },
)
