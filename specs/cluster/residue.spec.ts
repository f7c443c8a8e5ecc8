/** A run leaves nothing in the cluster and on its nodes, no matter how it ends: objects, rights, timeouts, pins, processes, attached programs. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { npaRace, runRace, type CliResult } from '../suite/cli.ts'
import { agentNodes, agentOf, settingsOf, type AgentNodes } from './agent-nodes.ts'
import { clusterResidue, wholeResidue } from './cluster-residue.ts'
import { cordon } from './cordon.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'

describe.skipIf(!onCluster)(`a run leaves nothing behind${whySkipped}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  let api: ClusterApi
  let nodes: AgentNodes
  let settings: Record<string, string>
  let before: unknown
  const look = () => wholeResidue(api, nodes)
  const subject = { args: ['specs/race', '-t', 'subject'] }

  beforeAll(async () => {
    api = clusterOfRun()
    nodes = await agentNodes(api, `spec-${process.pid}`)
    settings = {
      ...(await settingsOf(api)),
      // This also changes the conntrack timeouts of the nodes.
      RACE_EXPIRY: 'natural',
      RACE_KERNEL_TIMEOUT: '1',
    }
    await npaRace(['cleanup']) // First, because it would also undo what an earlier run left behind.
  }, 300_000)
  afterAll(() => nodes[Symbol.asyncDispose]())
  beforeEach(async () => {
    before = await look()
  })

  test('after a normal end', async () => {
    let during = ''
    const at = { when: 'attempt 1 of 2', run: async () => (during = (await nodes.residue()).flat().join('\n')) }
    const { exitCode, output } = await runRace({ ...settings, RACE_ITERATIONS: '2' }, { ...subject, at })
    expect(exitCode, output).toBe(0)
    // Proves that the check finds these things while the run goes on.
    expect(during).toMatch(/^process .*npa-race\/remote\/probe[^]*^raw tracepoint .*sys_enter/m)
    expect(await look()).toEqual(before)
  })

  test('after SIGINT: exit 130', async () => {
    const kill = { signal: 'SIGINT', when: 'attempt 1 of 50' } as const
    const { exitCode, output } = await runRace({ ...settings, RACE_ITERATIONS: '50' }, { ...subject, kill })
    expect(exitCode, output).toBe(130)
    expect(await look()).toEqual(before)
  })

  test('after SIGKILL while the agent is held: the agent is released, and npa-race cleanup removes everything', async () => {
    const kill = { signal: 'SIGKILL', when: 'the agent is held' } as const
    const { exitCode } = await runRace({ ...settings, RACE_ITERATIONS: '50' }, { ...subject, kill })
    expect(exitCode).toBe(137)
    expect((await clusterResidue(api)).join('\n')).toContain('npa-race-probe-')
    const cleanup = await npaRace(['cleanup'])
    expect(cleanup.exitCode, cleanup.output).toBe(0)
    expect(cleanup.output).toMatch(/undone: Pod .*test-client-/)
    // The probe notices that the run is gone, and restores the node itself.
    expect(cleanup.output).toMatch(/undone: Pod .*npa-race-probe-.* on node .*: nothing on the node was left changed/)
    expect(await look()).toEqual(before)
    // An agent that is still held would clean nothing, so the next run would fail.
    const again = await runRace({ ...settings, RACE_ITERATIONS: '1' }, subject)
    expect(again.exitCode, again.output).toBe(0)
  })

  test('two runs change the timeouts of one node: the second waits until the first has restored them', async () => {
    const [node = ''] = (await agentOf(api)).pods.map((pod) => pod.node)
    await using _ = await cordon(api, node)
    const runs: CliResult[] = []
    const run = async () => runs.push(await runRace({ ...settings, RACE_ITERATIONS: '8' }, subject))
    const at = { when: 'attempt 1 of', run }
    runs.push(await runRace({ ...settings, RACE_ITERATIONS: '3' }, { ...subject, at }))
    expect(
      runs.map(({ exitCode }) => exitCode),
      runs.map(({ output }) => output).join('\n'),
    ).toEqual([0, 0])
    expect(await look()).toEqual(before)
  })

  test('two runs at the same time do not disturb each other', async () => {
    const runs = await Promise.all([
      runRace({ ...settings, RACE_EXPIRY: 'forced', RACE_ITERATIONS: '2' }, subject),
      runRace({ ...settings, RACE_EXPIRY: 'forced', RACE_ITERATIONS: '2', RACE_FLOW: 'udp-request' }, subject),
    ])
    for (const { exitCode, output } of runs) expect(exitCode, output).toBe(0)
    expect(await look()).toEqual(before)
  })
})
