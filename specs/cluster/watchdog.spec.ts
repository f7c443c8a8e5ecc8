/** The agent is held, and then something happens to the probe that holds it: the agent continues within the time limit of the hold. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startCluster } from '../../fixtures/targets/cluster/cluster.ts'
import { clusterPreflight } from '../../fixtures/targets/cluster/preflight.ts'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { needed, waveOf, type Testbed } from '../../fixtures/targets/testbed.ts'
import { openJournal } from '../../fixtures/targets/undoers.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { cohortsOf } from '../../helpers/config/cohorts.ts'
import { configSchema } from '../../helpers/config/schema.ts'
import { messageOf } from '../../helpers/text.ts'
import { ms } from '../../helpers/units.ts'
import { agentNodes, agentOf, type AgentNodes } from './agent-nodes.ts'
import { breakableNode, cannotBreak, restartContainerd } from './break-cluster.ts'
import { wholeResidue } from './cluster-residue.ts'
import { cordon } from './cordon.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'
import { viewOf, type NodeView } from './node-view.ts'
import { podsOf } from './run-pods.ts'

/** Seconds. */
const holdLimit = 3
/** A container that ends takes a moment, and the watchdog looks twice a second. */
const margin = 2

interface Probe {
  readonly namespace: string
  readonly name: string
  readonly container: string
}

describe.skipIf(!onCluster)(`watchdog${whySkipped}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  const owner = `spec-${process.pid}`
  let api: ClusterApi
  let nodes: AgentNodes
  let view: NodeView
  let uncordon: AsyncDisposable
  let before: unknown
  let testbed: Testbed
  let number = 0

  beforeAll(async () => {
    api = clusterOfRun()
    const node = cannotBreak ? (await agentOf(api)).pods[0]?.node : await breakableNode()
    view = await viewOf(api, owner, node ?? '')
    nodes = await agentNodes(api, `${owner}-nodes`)
    // The client, and so the probe, run on this node.
    uncordon = await cordon(api, node)
  }, 300_000)
  afterAll(async () => {
    await nodes[Symbol.asyncDispose]()
    await view[Symbol.asyncDispose]()
    await uncordon[Symbol.asyncDispose]()
  }, 300_000)

  beforeEach(async () => {
    before = await wholeResidue(api, nodes)
    const { cleanupPeriod } = await agentOf(api)
    const config = configSchema.parse({
      target: 'kubeconfig',
      cleanup_period: cleanupPeriod,
      allow_node_changes: true,
      // This also changes the conntrack timeouts of the node.
      expiry: 'natural',
      kernel_timeout: 1,
      hold_limit: holdLimit,
    })
    const plan = cohortsOf(config).find(({ role }) => role === 'subject')
    const { access } = await clusterPreflight(config)
    if (!plan || !access) throw new Error('the run has no subject')
    // The agent takes a pod of the same name for the one that was there before.
    const id = `watchdog${process.pid}${++number}`
    const order = { owner, id, plan, config, access, kubeconfig: undefined, saveEvidence: () => {} }
    testbed = await startCluster(order, openJournal(owner))
  }, 120_000)
  afterEach(async () => {
    // What is broken may not end in order. What counts is that nothing of it is left.
    await Promise.allSettled([testbed[Symbol.asyncDispose]()])
    expect(await wholeResidue(api, nodes)).toEqual(before)
  }, 120_000)

  /** The letter of the process's state: T if it is stopped. */
  const stateOf = async (pid: number): Promise<string> =>
    /\) (\w)/.exec(await view.run(['cat', `/proc/${pid}/stat`]))?.[1] ?? 'none'

  const untilState = (pid: number, what: 'stopped' | 'running', seconds: number): Promise<true> => {
    let last = 'not read yet'
    return waitFor({
      condition: `the agent is ${what}`,
      deadline: ms(seconds * 1000),
      every: ms(100),
      check: async () => {
        last = await stateOf(pid).catch(messageOf)
        if (last.length > 1) return undefined
        return (last === 'T') === (what === 'stopped') ? true : undefined
      },
      last: () => `its state is ${last}`,
    })
  }

  /** Opens a flow, and holds the agent when it next dumps the table. The hold itself has no time limit here, so only the watchdog can end it. */
  async function hold(): Promise<number> {
    const probe = needed(testbed, 'probe')
    const [tuple] = waveOf(testbed, 'tcp', [41_000])
    if (!tuple) throw new Error('the wave has no flow')
    await probe.request('follow', { attempt: 'held', flows: [{ flow: 0, tuple }], ...testbed.protectedPod })
    await testbed.client.request('open', {
      attempt: 'held',
      transport: 'tcp',
      localIp: testbed.clientIp,
      remote: testbed.serverAddress,
      flows: [{ flow: 0, port: tuple.source.port }],
      await: 'answer',
      deadlineMs: 5000,
    })
    await probe.request('lockAgent', { waitMs: 10_000 })
    await probe.request('arm', { windows: ['after-snapshot'], limitMs: 120_000 })
    const { pid } = testbed.agent
    await untilState(pid, 'stopped', 60)
    return pid
  }

  async function probePod(): Promise<Probe> {
    const [{ metadata, status } = {}] = await podsOf(api, 'probe')
    const main = status?.containerStatuses?.find(({ name }) => name === 'main')
    return {
      namespace: metadata?.namespace ?? '',
      name: metadata?.name ?? '',
      container: main?.containerID?.replace(/^.*\/\//, '') ?? 'none',
    }
  }

  const killContainer = ({ container }: Probe): Promise<unknown> =>
    view.run([
      'sh',
      '-c',
      `for p in /proc/[0-9]*; do ! grep -qs ${container} $p/cgroup || kill -KILL "\${p#/proc/}"; done; true`,
    ])
  const forceDelete = ({ name, namespace }: Probe): Promise<unknown> =>
    api.call('delete the probe', ({ core }) => core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 }))
  const evict = ({ name, namespace }: Probe): Promise<unknown> =>
    api.call('evict the probe', ({ core }) =>
      core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace } } }),
    )

  test.for([
    { what: 'every process of the probe’s container is killed', breakIt: killContainer },
    { what: 'the probe’s pod is deleted by force', breakIt: forceDelete },
    { what: 'the probe’s pod is evicted', breakIt: evict },
  ])('$what', async ({ breakIt }) => {
    const probe = await probePod()
    const pid = await hold()
    await breakIt(probe)
    expect(await untilState(pid, 'running', holdLimit + margin)).toBe(true)
  })

  test.skipIf(cannotBreak)('containerd is restarted', async () => {
    const pid = await hold()
    await restartContainerd(api)
    // Its state can be read only when containerd answers again.
    expect(await untilState(pid, 'running', 60)).toBe(true)
  })
})
