/**
 * All steps on one real cluster, in minutes: install the release with the race, and lose flows; install the release with the fix in its place, and
 * lose none; remove it, and find the nodes unchanged. The other specs of this folder test each step in detail.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { vulnerable, wholeFixed } from '../npa-releases.ts'
import { npaRace, runRace } from '../suite/cli.ts'
import { checkoutOf } from '../suite/npa-checkout.ts'
import { clusterResidue } from './cluster-residue.ts'
import { installKubeconfig, loaderSettings, whyNotInstalled } from './needs-install-cluster.ts'
import { nodeResidue } from './node-residue.ts'
import { viewOf, type NodeView } from './node-view.ts'

const period = '4'

describe.skipIf(installKubeconfig === undefined)(
  `end to end${whyNotInstalled}`,
  { tags: ['cluster', 'npa'], timeout: 1_200_000 },
  () => {
    const undo = new AsyncDisposableStack()
    let look: () => Promise<unknown>
    let before: unknown
    const install = (...args: string[]) => npaRace(['install-npa', '--period', period, ...args], loaderSettings)
    /** Runs the race specs as a gate: exit 1 if the agent in the cluster loses a flow. */
    const gate = () =>
      runRace(
        {
          RACE_TARGET: 'kubeconfig',
          RACE_CLEANUP_PERIOD: period,
          RACE_ALLOW_NODE_CHANGES: 'true',
          // This also changes the conntrack timeouts of the nodes.
          RACE_EXPIRY: 'natural',
          RACE_KERNEL_TIMEOUT: '1',
          RACE_CONNECTIONS_PER_WAVE: '20',
          RACE_ITERATIONS: '2',
        },
        { args: ['specs/race', '-t', 'subject'] },
      )

    beforeAll(async () => {
      vi.stubEnv('KUBECONFIG', installKubeconfig)
      const api = ClusterApi.load()
      await npaRace(['install-npa', '--remove'])
      const { items } = await api.call('list the nodes', ({ core }) => core.listNode())
      const views: NodeView[] = []
      for (const { metadata } of items)
        views.push(undo.use(await viewOf(api, `spec-${process.pid}`, metadata?.name ?? '')))
      look = async () => ({
        cluster: await clusterResidue(api),
        nodes: await Promise.all(views.map(async (view) => [await view.look(), ...(await nodeResidue(view))])),
      })
      before = await look()
    }, 300_000)
    afterAll(async () => {
      await npaRace(['install-npa', '--remove'])
      await undo.disposeAsync()
      vi.unstubAllEnvs()
    }, 300_000)

    test('the release with the race is installed; every attempt loses: exit 1', async () => {
      const installed = await install('--agent', vulnerable.agent)
      expect(installed.exitCode, installed.output).toBe(0)
      const { exitCode, output, summary } = await gate()
      expect(exitCode, output).toBe(1)
      expect(summary?.cohorts.at(-1)).toMatchObject({ trigger: 'exact', mapLayout: '24/1', valid: 2, lostAttempts: 2 })
    })

    test('the release with the fix is installed in its place; nothing is lost: exit 0', async () => {
      using checkout = await checkoutOf(wholeFixed.version, wholeFixed.changes)
      const installed = await install('--agent', `npa:${checkout.folder}`, ...wholeFixed.flags)
      expect(installed.exitCode, installed.output).toBe(0)
      const { exitCode, output, summary } = await gate()
      expect(exitCode, output).toBe(0)
      expect(summary?.cohorts.at(-1)).toMatchObject({ trigger: 'exact', mapLayout: '24/16', valid: 2, lost: 0 })
    })

    test('after the removal, the cluster and its nodes are unchanged', async () => {
      const { exitCode, output } = await npaRace(['install-npa', '--remove'])
      expect(exitCode, output).toBe(0)
      expect(await look()).toEqual(before)
    })
  },
)
