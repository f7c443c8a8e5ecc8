/**
 * Several attempts at a time in one run. Each has its own pair of pods, and the pairs are spread over the nodes. Pairs on one node take turns in
 * holding the agent. There is one more pair than nodes, so two pairs share a node.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { readHistory } from '../../helpers/history/read-history.ts'
import { runRace } from '../suite/cli.ts'
import { agentNodes, agentOf, type AgentNodes } from './agent-nodes.ts'
import { wholeResidue } from './cluster-residue.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'

interface Stretch {
  readonly node: string
  readonly from: number
  to: number
}

/** @returns the start, end and node of each attempt at the race */
function trialsOf(history: string): Stretch[] {
  const trials = new Map<string, Stretch>()
  for (const event of readHistory(history).events) {
    if (event.type === 'attempt.begin' && event.purpose === 'race' && event.node !== undefined)
      trials.set(event.attempt, { node: event.node, from: event.at, to: event.at })
    const trial = event.type === 'attempt.end' ? trials.get(event.attempt) : undefined
    if (trial) trial.to = event.at
  }
  return [...trials.values()]
}

/** @returns how many ran at the same time at most */
const atOnce = (trials: readonly Stretch[]): number =>
  Math.max(...trials.map(({ from: at }) => trials.filter(({ from, to }) => from <= at && at < to).length))

describe.skipIf(!onCluster)(`parallel${whySkipped}`, { tags: ['cluster'], timeout: 600_000 }, () => {
  let api: ClusterApi
  let nodes: AgentNodes
  let settings: Record<string, string>
  let parallel: number
  let attempts: number
  let before: unknown
  const look = () => wholeResidue(api, nodes)
  const subject = { args: ['specs/race', '-t', 'subject'] }

  beforeAll(async () => {
    api = clusterOfRun()
    nodes = await agentNodes(api, `spec-${process.pid}`)
    const agent = await agentOf(api)
    parallel = agent.pods.length + 1
    // So many that one pair alone needs longer for them than two busy cores need to set up the other pairs.
    attempts = 6 * parallel
    settings = {
      RACE_TARGET: 'kubeconfig',
      RACE_CLEANUP_PERIOD: String((await agentOf(api)).cleanupPeriod),
      RACE_PARALLEL: String(parallel),
      RACE_ITERATIONS: String(attempts),
      RACE_EXPECT: 'lost',
    }
  }, 300_000)
  afterAll(() => nodes[Symbol.asyncDispose]())
  beforeEach(async () => {
    before = await look()
  })

  test('exact: every attempt is made, every node is used, every attempt loses, and the timeouts of the nodes are restored', async () => {
    const natural = { RACE_ALLOW_NODE_CHANGES: 'true', RACE_EXPIRY: 'natural', RACE_KERNEL_TIMEOUT: '1' }
    const { exitCode, output, summary, history } = await runRace({ ...settings, ...natural }, subject)
    expect(exitCode, output).toBe(0)
    const cohort = summary?.cohorts.at(-1)
    expect(cohort).toMatchObject({
      trigger: 'exact',
      valid: attempts,
      lostAttempts: attempts,
      disagreements: 0,
    })
    const trials = trialsOf(history ?? '')
    expect(new Set(trials.map(({ node }) => node)).size).toBe(parallel - 1)
    expect(cohort?.running?.nodes.length).toBeGreaterThanOrEqual(parallel - 1)
    // Not all pairs at the same time, because the attempts may be over before the last pair is set up.
    expect(atOnce(trials)).toBeGreaterThan(1)
    expect(await look()).toEqual(before)
  })

  test('SIGINT: no pair leaves anything behind', async () => {
    const kill = { signal: 'SIGINT', when: 'attempt 1 of' } as const
    const consent = { RACE_ALLOW_NODE_CHANGES: 'true', RACE_ITERATIONS: '50' }
    const { exitCode, output } = await runRace({ ...settings, ...consent }, { ...subject, kill })
    expect(exitCode, output).toBe(130)
    expect(await look()).toEqual(before)
  })
})
