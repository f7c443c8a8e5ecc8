/** A cluster that breaks during a run: the affected attempts are invalid, the run ends soon with 2, and leaves nothing behind. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { npaRace, runRace } from '../suite/cli.ts'
import { settingsOf, replaceAgents } from './agent-nodes.ts'
import { breakable, breakableNode, cannotBreak } from './break-cluster.ts'
import { clusterResidue } from './cluster-residue.ts'
import { cordon } from './cordon.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'
import { podsOf } from './run-pods.ts'

describe.skipIf(!onCluster)(
  `a cluster that breaks during a run: exit 2${whySkipped}`,
  { tags: ['cluster'], timeout: 600_000 },
  () => {
    let api: ClusterApi
    let settings: Record<string, string>
    let before: string[]
    const raceAnd = (breakIt: () => Promise<unknown>, more: Readonly<Record<string, string>> = {}) =>
      runRace(
        { ...settings, ...more },
        { args: ['specs/race', '-t', 'subject.*attempt'], at: { when: 'attempt 1 of', run: breakIt } },
      )

    beforeAll(async () => {
      api = clusterOfRun()
      settings = { ...(await settingsOf(api)), RACE_ITERATIONS: '20' }
    })
    beforeEach(async () => {
      before = await clusterResidue(api)
    })

    test('the client’s pod is deleted', async () => {
      const { exitCode, output } = await raceAnd(async () => {
        const [client] = await podsOf(api, 'client')
        const { name = '', namespace = '' } = client?.metadata ?? {}
        await api.call('delete the client', ({ core }) => core.deleteNamespacedPod({ name, namespace }))
      })
      expect(exitCode, output).toBe(2)
      expect(output).toContain('a program of the suite was lost')
      expect(await clusterResidue(api)).toEqual(before)
    })

    test('the agent is replaced', async () => {
      const { exitCode, output } = await raceAnd(() => replaceAgents(api))
      expect(exitCode, output).toBe(2)
      expect(output).toMatch(/the agent was lost .*\(process \d+ of its node\) has ended: was its pod restarted/)
    })

    test.skipIf(cannotBreak)('the API server stops answering', async () => {
      const server = breakable(api, 'api')
      const { exitCode, output } = await raceAnd(server.stop, { KUBECTL_TIMEOUT: '3' })
      await server.goOn()
      expect(exitCode, output).toBe(2)
      expect(output).toMatch(/a program of the suite was lost|not seen: /)
      const cleanup = await npaRace(['cleanup'])
      expect(cleanup.exitCode, cleanup.output).toBe(0)
      expect(await clusterResidue(api)).toEqual(before)
    })

    const withNodeStopped = async () => {
      const node = breakable(api, 'node')
      const result = await raceAnd(node.stop)
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
      await using _ = await cordon(api, await breakableNode())
      expect(await withNodeStopped()).toMatchObject(lost())
    })
  },
)
