/** With the rights that the original reproducer had, and no more: the race is reproduced by prediction, and the report says why by nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ClusterApi } from '../../fixtures/cluster/api.ts'
import { npaRace, runRace } from '../suite/cli.ts'
import { agentNodes, agentOf, replaceAgents, withLogOnStdout, type AgentNodes } from './agent-nodes.ts'
import { leastUser, type LeastUser } from './least-rights.ts'
import { onCluster, whySkipped } from './needs-cluster.ts'

describe.skipIf(!onCluster)(`least rights${whySkipped}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  const owner = `spec-${process.pid}`
  let nodes: AgentNodes
  let user: LeastUser
  let settings: Record<string, string>
  let api: ClusterApi

  beforeAll(async () => {
    api = ClusterApi.load()
    nodes = await agentNodes(api, owner, 1)
    const { cleanupPeriod } = await agentOf(api)
    user = await leastUser(api, owner, 'kube-system')
    settings = {
      KUBECONFIG: user.file,
      RACE_TARGET: 'kubeconfig',
      RACE_NAMESPACE: user.namespace,
      RACE_CLEANUP_PERIOD: String(cleanupPeriod),
      RACE_KERNEL_TIMEOUT: '1',
      RACE_CONNECTIONS_PER_WAVE: '50',
      RACE_ITERATIONS: '4',
      RACE_EXPECT: 'lost',
    }
  }, 300_000)
  afterAll(async () => {
    await user[Symbol.asyncDispose]()
    await nodes[Symbol.asyncDispose]()
  })

  test('where the agent writes its log to a file, nothing can be predicted: exit 3', async () => {
    const { exitCode, output } = await npaRace(['doctor'], settings)
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/admits no privileged pod .*violates PodSecurity/)
    expect(output).toMatch(/trigger predicted needs the agent's log, .*--log-file=stdout/)
  })

  describe('where its log reaches the API', () => {
    const subject = { args: ['specs/race', '-t', 'subject'] }
    let back = () => Promise.resolve()
    beforeAll(async () => {
      back = await withLogOnStdout(api)
    })
    afterAll(() => back())

    test('the race is reproduced: exit 0', async () => {
      const { exitCode, output, summary } = await runRace(settings, subject)
      expect(exitCode, output).toBe(0)
      const cohort = summary?.cohorts.find(({ role }) => role === 'subject')
      expect(cohort).toMatchObject({ trigger: 'predicted', access: { level: 'workload' }, lostAttempts: 4 })
      expect(output).toContain('by no third witness')
      expect(output).toMatch(/access: workload; not more, because .*violates PodSecurity/)
    })

    test('an agent that is replaced in mid-run is lost: exit 2', async () => {
      const at = { when: 'attempt 1 of', run: () => replaceAgents(api) }
      const { exitCode, output } = await runRace(settings, { ...subject, at })
      expect(exitCode, output).toBe(2)
      expect(output).toMatch(/the agent was lost .*could not follow the log of kube-system\/aws-node/)
    })
  })
})
