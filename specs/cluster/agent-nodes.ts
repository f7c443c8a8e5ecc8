/** Observes the nodes that run the agent, and changes how the agent runs there, for specs of clusters. */
import { PatchStrategy } from '@kubernetes/client-node'
import { settingsOf as settingsOfPod } from '../../fixtures/targets/cluster/agent/agent-pod.ts'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { findAgent } from '../../fixtures/targets/cluster/agent/find-agent.ts'
import { configSchema } from '../../helpers/config/schema.ts'
import { leftFlowTimeouts } from '../../fixtures/kernel/flow-timeouts.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms, seconds } from '../../helpers/units.ts'
import { nodeResidue } from './node-residue.ts'
import { viewOf, type NodeView } from './node-view.ts'

export interface AgentNodes extends AsyncDisposable {
  /** @returns what a run could leave on each node: conntrack timeouts, pins, processes and attached programs */
  residue(): Promise<string[][]>
}

/** The timeouts that TCP flows expire by after their end. UDP has no separate timeouts for that. */
const names = Object.keys(leftFlowTimeouts('tcp', seconds(1))).map((name) => `net.netfilter.nf_conntrack_${name}`)

const setTimeouts = (view: NodeView, values: readonly string[]): Promise<string> =>
  view.run(['sysctl', '-w', ...names.map((name, index) => `${name}=${values[index]}`)])

const readTimeouts = async (view: NodeView): Promise<string[]> =>
  (await view.run(['sysctl', '-n', ...names])).trim().split('\n')

/** Finds the agent as a run with the default configuration does. All its pods have the same period. */
export async function agentOf(api: ClusterApi) {
  const { pods } = await findAgent(api, configSchema.parse({}))
  const [first] = pods
  if (!first) throw new Error('the cluster has no pod of the agent')
  const { cleanupPeriod, ip } = settingsOfPod(first)
  return { pods, cleanupPeriod, ip }
}

/** Reads how the agent runs. @returns the settings of a run that holds this agent, and expects it to lose */
export async function settingsOf(api: ClusterApi): Promise<Record<string, string>> {
  const { cleanupPeriod, ip } = await agentOf(api)
  return {
    RACE_TARGET: 'kubeconfig',
    RACE_CLEANUP_PERIOD: String(cleanupPeriod),
    RACE_IP: String(ip),
    RACE_ALLOW_NODE_CHANGES: 'true',
    RACE_EXPECT: 'lost',
  }
}

/** @param timeout seconds after which ended TCP flows expire, until the result is disposed; by default the timeouts are not changed */
export async function agentNodes(api: ClusterApi, owner: string, timeout?: number): Promise<AgentNodes> {
  const { pods } = await agentOf(api)
  const views = await Promise.all(pods.map(({ node }) => viewOf(api, owner, node)))
  const before = await Promise.all(views.map(readTimeouts))
  if (timeout !== undefined)
    await Promise.all(
      views.map((view) =>
        setTimeouts(
          view,
          names.map(() => String(timeout)),
        ),
      ),
    )
  return {
    residue: () =>
      Promise.all(views.map(async (view) => [...(await readTimeouts(view)), ...(await nodeResidue(view))])),
    async [Symbol.asyncDispose]() {
      if (timeout !== undefined) await Promise.all(views.map((view, index) => setTimeouts(view, before[index] ?? [])))
      await Promise.all(views.map((view) => view[Symbol.asyncDispose]()))
    },
  }
}

interface AgentSet {
  readonly name: string
  readonly namespace: string
  readonly container: string
  readonly args: readonly string[]
}

async function agentSet(api: ClusterApi): Promise<AgentSet> {
  const pod = (await agentOf(api)).pods[0]
  const [name, namespace, container] = ['aws-node', pod?.namespace ?? '', pod?.container ?? '']
  const { spec } = await api.call('read the agent', ({ apps }) => apps.readNamespacedDaemonSet({ name, namespace }))
  const args = spec?.template.spec?.containers.find((one) => one.name === container)?.args ?? []
  return { name, namespace, container, args }
}

/** Patches the agent's DaemonSet, and waits until it has rolled out. @param podSpec the fields of the pod that change */
async function change(api: ClusterApi, set: AgentSet, podSpec: object, more: object = {}): Promise<void> {
  await patch(api, set, { ...more, template: { spec: podSpec } })
  await untilRolledOut(api, set.name, set.namespace)
}

async function patch(api: ClusterApi, { name, namespace }: AgentSet, spec: object): Promise<void> {
  const object = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name, namespace }, spec }
  await api.call('change the agent', ({ objects }) =>
    objects.patch(object, undefined, undefined, undefined, undefined, PatchStrategy.StrategicMergePatch),
  )
}

/** Starts the agent with another flag on all nodes. Returns a function that undoes it. */
export async function withFlag(api: ClusterApi, flag: string): Promise<() => Promise<void>> {
  const agent = await agentSet(api)
  const set = (args: readonly string[]): Promise<void> =>
    change(api, agent, { containers: [{ name: agent.container, args }] })
  await set([...agent.args, flag])
  return () => set(agent.args)
}

/** Sets the variable from which the CNI reads the mode of the agent. Returns a function that sets the standard mode. */
export async function withStrictMode(api: ClusterApi): Promise<() => Promise<void>> {
  const agent = await agentSet(api)
  const set = (value: string): Promise<void> =>
    change(api, agent, { containers: [{ name: 'aws-node', env: [{ name: 'NETWORK_POLICY_ENFORCING_MODE', value }] }] })
  await set('strict')
  return () => set('standard')
}

/** Gives the agent of one node another flag, as in the middle of a rollout. Returns a function that ends the rollout, with the flags of before. */
export async function midRollout(api: ClusterApi, node: string, flag: string): Promise<() => Promise<void>> {
  const agent = await agentSet(api)
  const containers = (args: readonly string[]) => [{ name: agent.container, args }]
  await patch(api, agent, {
    updateStrategy: { type: 'OnDelete', rollingUpdate: null },
    template: { spec: { containers: containers([...agent.args, flag]) } },
  })
  const undo = () => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } }
    return change(api, agent, { containers: containers(agent.args) }, { updateStrategy })
  }
  try {
    await replaceAgents(api, node)
  } catch (error) {
    await undo()
    throw error
  }
  return undo
}

/** Stops the agent on all nodes. Returns a function that starts it again. */
export async function withoutAgents(api: ClusterApi): Promise<() => Promise<void>> {
  const agent = await agentSet(api)
  await change(api, agent, { nodeSelector: { 'npa-race/nowhere': 'true' } })
  return () => change(api, agent, { nodeSelector: { 'npa-race/nowhere': null } })
}

/** Deletes the pods of the agent, and waits until new ones are ready. @param on the only node to do this on; default: all */
export async function replaceAgents(api: ClusterApi, on?: string): Promise<void> {
  const { pods: all } = await agentOf(api)
  const old = all.filter(({ node }) => on === undefined || node === on)
  for (const { name, namespace } of old)
    await api.call('delete a pod of the agent', ({ core }) =>
      core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 1 }),
    )
  let last = 'nothing yet'
  await waitFor({
    condition: 'new pods of the agent are ready on every node',
    deadline: ms(120_000),
    every: ms(500),
    check: async () => {
      const { pods } = await agentOf(api)
      last = pods.map(({ name, node, ready }) => `${name} on ${node} is ${ready ? '' : 'not '}ready`).join(', ')
      const isNew = pods.every(({ name, ready }) => ready && !old.some((pod) => pod.name === name))
      return isNew && pods.length === all.length ? true : undefined
    },
    last: () => last,
  })
}

function untilRolledOut(api: ClusterApi, name: string, namespace: string): Promise<true> {
  let last = 'nothing yet'
  return waitFor({
    condition: 'the agent has been replaced on every node',
    deadline: ms(120_000),
    every: ms(500),
    check: async () => {
      const { metadata, status } = await api.call('read the agent', ({ apps }) =>
        apps.readNamespacedDaemonSet({ name, namespace }),
      )
      last = JSON.stringify(status)
      const wanted = status?.desiredNumberScheduled ?? 0
      const isNew =
        status?.observedGeneration === metadata?.generation && (status?.updatedNumberScheduled ?? 0) === wanted
      return isNew && status?.numberReady === wanted && (status?.numberUnavailable ?? 0) === 0 ? true : undefined
    },
    last: () => last,
  })
}
