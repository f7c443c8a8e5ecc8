/**
 * The release with the fix on a real cluster: it loses nothing after its snapshot, but still loses flows after its re-read. It replaces the agent in
 * the cluster; afterwards the release without the fix is installed.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { npaRace, runRace } from '../suite/cli.ts'
import { checkoutOf } from '../suite/npa-checkout.ts'
import { vulnerable, wholeFixed } from '../npa-releases.ts'
import { agentNodes } from './agent-nodes.ts'
import { installKubeconfig, loaderSettings, whyNotInstalled } from './needs-install-cluster.ts'

const period = '4'

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
    const subject = { args: ['specs/race', '-t', 'subject'] }

    beforeAll(async () => {
      vi.stubEnv('KUBECONFIG', installKubeconfig)
      const checkout = undo.use(await checkoutOf(wholeFixed.version, wholeFixed.changes))
      const agent = ['--agent', `npa:${checkout.folder}`, ...wholeFixed.flags]
      const { exitCode, output } = await npaRace(['install-npa', '--period', period, ...agent], loaderSettings)
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

    test('exact, after the re-read: flows are lost: exit 1', async () => {
      const window = { RACE_WINDOW: 'after-reread', RACE_CONNECTIONS_PER_WAVE: '3', RACE_ITERATIONS: '2' }
      const { exitCode, output } = await runRace({ ...changing, ...window }, subject)
      expect(exitCode, output).toBe(1)
      expect(output).toContain('RACE REPRODUCED')
    })
  },
)
