/** The agent as a cluster may run it: in the middle of a rollout, and in strict mode. */
import type { KubernetesObject } from '@kubernetes/client-node'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms } from '../../helpers/units.ts'
import { npaRace, runRace } from '../suite/cli.ts'
import { agentOf, midRollout, settingsOf, withStrictMode } from './agent-nodes.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'

const args = ['specs/race', '-t', 'subject']

describe.skipIf(!onCluster)(`unlike agents${whySkipped}`, { tags: ['cluster'], timeout: 600_000 }, () => {
  let api: ClusterApi
  let settings: Record<string, string>
  beforeAll(async () => {
    api = clusterOfRun()
    settings = { ...(await settingsOf(api)), RACE_ITERATIONS: '1' }
  })

  test('in the middle of a rollout, the run judges the node whose agent is configured, and counts the other pods', async () => {
    const { pods, cleanupPeriod } = await agentOf(api)
    const changed = pods.at(-1)?.node ?? ''
    onTestFinished(await midRollout(api, changed, `--conntrack-cache-cleanup-period=${2 * cleanupPeriod}`), 300_000)
    for (const [period, other, count] of [
      [cleanupPeriod, 2 * cleanupPeriod, 1],
      [2 * cleanupPeriod, cleanupPeriod, pods.length - 1],
    ] as const) {
      const { exitCode, output, summary } = await runRace(
        { ...settings, RACE_CLEANUP_PERIOD: String(period) },
        { args },
      )
      expect(exitCode, output).toBe(0)
      const { running } = summary?.cohorts.find(({ role }) => role === 'subject') ?? {}
      expect(running).toMatchObject({
        cleanupPeriod: period,
        unlike: [{ pods: count, differs: `cleanup period ${other} s` }],
      })
      expect(running?.imageId).toContain('sha256:')
      expect(running?.nodes.map(({ node }) => node === changed)).toEqual([period !== cleanupPeriod])
    }
  })

  test('in strict mode, the run also lets its client reach its server', async () => {
    onTestFinished(await withStrictMode(api), 300_000)
    expect((await npaRace(['doctor'], settings)).output).toContain('enforces policies in strict mode')
    const run = runRace(settings, { args })
    const policy = await waitFor({
      condition: 'the run has made the policy of its server',
      deadline: ms(60_000),
      every: ms(200),
      check: async () => {
        const { items } = await api.call('list the policies', ({ objects }) =>
          objects.list<Policy>('networking.k8s.io/v1', 'NetworkPolicy'),
        )
        return items.find(({ metadata }) => metadata?.name?.startsWith('npa-race-server-'))
      },
      last: () => 'there is none',
    })
    const { exitCode, output } = await run
    expect(exitCode, output).toBe(0)
    expect(JSON.stringify(policy.spec)).toMatch(/"ingress":\[\{"_?from":\[\{"podSelector":.*client/)
  })
})

interface Policy extends KubernetesObject {
  readonly spec?: object
}
