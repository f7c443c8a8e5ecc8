/**
 * The release with the fix on a real cluster: it loses nothing after its snapshot, but still loses flows after its re-read. It replaces the agent in
 * the cluster; afterwards the release without the fix is installed.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { npaRace, runRace } from '../suite/cli.ts'
import { checkoutOf } from '../suite/npa-checkout.ts'
import { vulnerable, wholeFixed } from '../npa-releases.ts'
import { agentNodes, agentOf } from './agent-nodes.ts'
import { viewOf } from './node-view.ts'
import { installKubeconfig, loaderSettings, whyNotInstalled } from './needs-install-cluster.ts'

const period = '4'

/** Runs scripts on all nodes of the agent, with the files of the node. */
async function nodeShells(api: ClusterApi): Promise<AsyncDisposable & { run(script: string): Promise<void> }> {
  const ends = new AsyncDisposableStack()
  const nodes = new Set((await agentOf(api)).pods.map(({ node }) => node))
  const views = await Promise.all([...nodes].map((node) => viewOf(api, `spec-${process.pid}-shell`, node)))
  for (const view of views) ends.use(view)
  return {
    run: async (script) =>
      void (await Promise.all(views.map((view) => view.run(['nsenter', '-t', '1', '-m', '--', 'sh', '-c', script])))),
    [Symbol.asyncDispose]: () => ends.disposeAsync(),
  }
}

describe.skipIf(installKubeconfig === undefined)(
  `the fix${whyNotInstalled}`,
  { tags: ['cluster', 'npa'], timeout: 600_000 },
  () => {
    /** Undoes the set-up, also if it failed halfway. */
    const undo = new AsyncDisposableStack()
    const settings = {
      RACE_TARGET: 'kubeconfig',
      RACE_CLEANUP_PERIOD: period,
      RACE_KERNEL_TIMEOUT: '1',
      RACE_CONNECTIONS_PER_WAVE: '50',
      RACE_ITERATIONS: '4',
    }
    const changing = { ...settings, RACE_ALLOW_NODE_CHANGES: 'true' }
    let fixedAgent: readonly string[]
    const subject = { args: ['specs/race', '-t', 'subject'] }

    beforeAll(async () => {
      vi.stubEnv('KUBECONFIG', installKubeconfig)
      const checkout = undo.use(await checkoutOf(wholeFixed.version, wholeFixed.changes))
      fixedAgent = ['--agent', `npa:${checkout.folder}`, ...wholeFixed.flags]
      const { exitCode, output } = await npaRace(['install-npa', '--period', period, ...fixedAgent], loaderSettings)
      expect(exitCode, output).toBe(0)
      undo.use(await agentNodes(ClusterApi.load(), `spec-${process.pid}`, 1))
    }, 1_200_000)
    afterAll(async () => {
      await undo.disposeAsync()
      await npaRace(['install-npa', '--period', period, '--agent', vulnerable.agent], loaderSettings)
      vi.unstubAllEnvs()
    }, 600_000)

    test('exact, after the snapshot: nothing is lost: exit 0', async () => {
      const { exitCode, output, summary } = await runRace(changing, subject)
      expect(exitCode, output).toBe(0)
      expect(summary?.cohorts.at(-1)).toMatchObject({ trigger: 'exact', mapLayout: '24/16', lost: 0, valid: 4 })
    })

    test('observed: the agent keeps every flow that it looked at twice: exit 0', async () => {
      const { exitCode, output, summary } = await runRace(settings, subject)
      expect(exitCode, output).toBe(0)
      expect(summary?.cohorts.at(-1)).toMatchObject({ trigger: 'observed', lost: 0, valid: 4 })
    })

    test('an interrupted upgrade: flows are lost, and the summary says that the map is not of this version: exit 1', async () => {
      const api = ClusterApi.load()
      const install = async (agent: readonly string[]): Promise<void> => {
        const { exitCode, output } = await npaRace(['install-npa', '--period', period, ...agent], loaderSettings)
        expect(exitCode, output).toBe(0)
      }
      await using nodes = await nodeShells(api)
      // The agent copies its objects to the node before it makes its maps. So with its objects there, it takes the maps of the release before.
      await nodes.run('mkdir -p /var/tmp/npa-race && cp /opt/cni/bin/*.bpf.o /var/tmp/npa-race')
      await install(['--agent', vulnerable.agent])
      await nodes.run('cp /var/tmp/npa-race/*.bpf.o /opt/cni/bin && rm -r /var/tmp/npa-race')
      await install(fixedAgent)
      const { exitCode, output, summary } = await runRace({ ...changing, RACE_ITERATIONS: '2' }, subject)
      expect(exitCode, output).toBe(1)
      expect(summary?.cohorts.at(-1)).toMatchObject({ mapLayout: '24/1', ownMapLayout: '24/16', lostAttempts: 2 })
      expect(output).toContain('map 24/1, which is not this version’s 24/16: it works on the map of another version')
    })

    test('exact, after the re-read: flows are lost: exit 1', async () => {
      const window = { RACE_WINDOW: 'after-reread', RACE_CONNECTIONS_PER_WAVE: '3', RACE_ITERATIONS: '2' }
      const { exitCode, output } = await runRace({ ...changing, ...window }, subject)
      expect(exitCode, output).toBe(1)
      expect(output).toContain('THE RACE IS THERE')
    })
  },
)
