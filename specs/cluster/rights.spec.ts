/** With few rights, a run does what they allow, and says which rights it would need for more. The rights of the original reproducer allow `predicted`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { npaRace, runRace } from '../suite/cli.ts'
import { agentNodes, agentOf, replaceAgents, withFlag, type AgentNodes } from './agent-nodes.ts'
import { clusterResidue } from './cluster-residue.ts'
import { leastUser, type LeastUser } from './least-rights.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'

describe.skipIf(!onCluster)(`least rights${whySkipped}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  const owner = `spec-${process.pid}`
  let nodes: AgentNodes
  let user: LeastUser
  let settings: Record<string, string>
  let api: ClusterApi

  beforeAll(async () => {
    api = clusterOfRun()
    nodes = await agentNodes(api, owner, 1)
    const { cleanupPeriod } = await agentOf(api)
    user = await leastUser(api, owner, ['without-probe', 'without-controller'])
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

  test('if the agent writes its log to a file, nothing can be predicted: exit 3', async () => {
    const { exitCode, output } = await npaRace(['doctor'], settings)
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/admits no privileged pod .*violates PodSecurity/)
    expect(output).toMatch(/trigger predicted needs the agent's log, .*--log-file=stdout/)
  })

  describe('if the API gives access to the log', () => {
    const subject = { args: ['specs/race', '-t', 'subject'] }
    let back = () => Promise.resolve()
    beforeAll(async () => {
      back = await withFlag(api, '--log-file=stdout')
    })
    afterAll(() => back())

    test('the race is reproduced: exit 0', async () => {
      const { exitCode, output, summary } = await runRace(settings, subject)
      expect(exitCode, output).toBe(0)
      const cohort = summary?.cohorts.find(({ role }) => role === 'subject')
      expect(cohort).toMatchObject({ trigger: 'predicted', access: { level: 'workload' }, lostAttempts: 4 })
      expect(output).toContain('without a third witness')
      expect(output).toMatch(/access: workload; not node-reading, because .*violates PodSecurity/)
    })

    test('if the agent is replaced during the run, it is lost: exit 2', async () => {
      const at = { when: 'attempt 1 of', run: () => replaceAgents(api) }
      const { exitCode, output } = await runRace(settings, { ...subject, at })
      expect(exitCode, output).toBe(2)
      expect(output).toMatch(/the agent was lost .*could not follow the log of kube-system\/aws-node/)
    })
  })

  test('if the user may observe the node, the agent’s log is not needed: exit 0', async () => {
    await using unread = await leastUser(api, owner, ['with-probe', 'without-controller'])
    const own = { ...settings, KUBECONFIG: unread.file, RACE_NAMESPACE: unread.namespace, RACE_ITERATIONS: '1' }
    const back = await withFlag(api, '--log-file=stdout')
    try {
      const { exitCode, output, summary, history } = await runRace(
        { ...own, RACE_ALLOW_NODE_CHANGES: 'true' },
        { args: ['specs/race', '-t', 'subject'] },
      )
      expect(exitCode, output).toBe(0)
      expect(output).toContain("the agent's log is not read, because the user lacks get pods/log in kube-system")
      const subject = summary?.cohorts.find(({ role }) => role === 'subject')
      expect(subject).toMatchObject({ trigger: 'exact', access: { level: 'node-changing' }, lostAttempts: 1 })
      expect(history).not.toContain('"agent.log"')

      const predicted = await npaRace(['doctor'], { ...own, RACE_TRIGGER: 'predicted' })
      expect(predicted.exitCode, predicted.output).toBe(3)
      expect(predicted.output).toContain("trigger predicted needs the agent's log: the user lacks get pods/log")
    } finally {
      await back()
    }
  })

  test('each right of the page is needed: without it, doctor names it', async () => {
    await using other = await leastUser(api, owner, ['with-probe', 'without-controller'])
    const own = { ...settings, KUBECONFIG: other.file, RACE_NAMESPACE: other.namespace }
    const missed: string[] = []
    for (const rule of other.rules)
      for (const verb of rule.verbs) {
        const giveBack = await other.takeAway(rule, verb)
        const { output } = await npaRace(['doctor'], own)
        await giveBack()
        const resource = rule.resources.join('')
        const isNamed =
          output.includes(`${verb} ${resource}`) || output.includes(`cannot ${verb} resource "${resource}"`)
        if (!isNamed) missed.push(`${verb} ${resource}: ${output}`)
      }
    expect(missed).toEqual([])
  })

  test('if neither the user nor a controller can create PolicyEndpoints, the run says so: exit 3', async () => {
    await using other = await leastUser(api, owner, ['with-probe'])
    const own = { ...settings, KUBECONFIG: other.file, RACE_NAMESPACE: other.namespace }
    const said = await npaRace(['doctor'], own)
    expect(said.exitCode, said.output).toBe(0)
    const lacks = `create policyendpoints.networking.k8s.aws in ${other.namespace}; `
    expect(said.output).toContain(`if no controller makes PolicyEndpoints (EKS has a controller): ${lacks}`)

    const before = await clusterResidue(api)
    const { exitCode, output } = await runRace(own, { args: ['specs/race', '-t', 'subject'] })
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/no controller has made a PolicyEndpoint .*the user lacks rights: create policyendpoints/)
    expect(await clusterResidue(api)).toEqual(before)
  })
})
