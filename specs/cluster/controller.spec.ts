/**
 * A run with the real controller, which creates the PolicyEndpoints from the NetworkPolicies, as on EKS: the run creates none. NPA_CONTROLLER is the path
 * of the controller's program (amazon-network-policy-controller-k8s: `go build ./cmd`).
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { KubernetesObject } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms } from '../../helpers/units.ts'
import { runRace } from '../suite/cli.ts'
import { agentNodes, settingsOf, withFlag, withStrictMode } from './agent-nodes.ts'
import { leastUser, type RightsFile } from './least-rights.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'

const program = process.env['NPA_CONTROLLER']
const why =
  whySkipped || (program ? '' : ' (skipped: needs the controller; set NPA_CONTROLLER to the path of its program)')

const definitions = ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'] as const

describe.skipIf(why !== '' || !onCluster)(`controller${why}`, { tags: ['cluster'], timeout: 600_000 }, () => {
  const owner = `spec-${process.pid}`
  const args = ['specs/race', '-t', 'subject']
  const ends = new AsyncDisposableStack()
  let api: ClusterApi
  let settings: Record<string, string>

  const namesOf = async ([apiVersion, kind]: readonly [string, string]): Promise<string[]> => {
    const { items } = await api.call(`list ${kind}`, ({ objects }) => objects.list(apiVersion, kind))
    return items.flatMap(({ metadata }) => metadata?.name ?? [])
  }

  beforeAll(async () => {
    api = clusterOfRun()
    settings = { ...(await settingsOf(api)), RACE_ITERATIONS: '2' }
    const before = await namesOf(definitions)
    // It creates the definitions of objects that it knows and that are not there.
    ends.defer(async () => {
      const [apiVersion, kind] = definitions
      for (const name of (await namesOf(definitions)).filter((each) => !before.includes(each)))
        await api.call(`delete ${name}`, ({ objects }) => objects.delete({ apiVersion, kind, metadata: { name } }))
    })
    const flags = ['--enable-configmap-check=false', '--enable-leader-election=false', '--metrics-bind-addr=:0']
    const child = spawn(program ?? '', [...flags, '--health-probe-bind-addr=:0', `--kubeconfig=${api.kubeconfig.path}`])
    ends.defer(async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'close')
    })
    let log = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
    child.stdout.setEncoding('utf8').on('data', (text: string) => (log += text))
    await waitFor({
      condition: 'the controller reconciles policies',
      deadline: ms(60_000),
      check: () => {
        if (child.exitCode !== null) throw new Error(`the controller has ended: ${log}`)
        return log.includes('Starting workers') ? true : undefined
      },
      last: () => log,
    })
  }, 120_000)
  afterAll(() => ends.disposeAsync(), 120_000)

  /** Makes a run as a user who may not create PolicyEndpoints. @returns its result, and the PolicyEndpoints that were there during its first attempt */
  async function runAs(file: RightsFile, more: Readonly<Record<string, string>> = {}) {
    await using user = await leastUser(api, owner, [file])
    let endpoints: KubernetesObject[] = []
    const look = async (): Promise<void> => {
      const { items } = await api.call('list PolicyEndpoints', ({ objects }) =>
        objects.list('networking.k8s.aws/v1alpha1', 'PolicyEndpoint', user.namespace),
      )
      endpoints = items
    }
    const own = { ...settings, ...more, KUBECONFIG: user.file, RACE_NAMESPACE: user.namespace }
    return { ...(await runRace(own, { args, at: { when: 'attempt 1 of', run: look } })), endpoints: () => endpoints }
  }

  const ownersOf = (endpoints: readonly KubernetesObject[]): string[] =>
    endpoints.map(({ metadata }) => metadata?.ownerReferences?.[0]?.kind ?? 'none')

  test('exact: the controller creates the PolicyEndpoint, and the race is reproduced', async () => {
    const { exitCode, output, endpoints } = await runAs('with-probe')
    expect(exitCode, output).toBe(0)
    expect(ownersOf(endpoints())).toEqual(['NetworkPolicy'])
  })

  test('predicted: the rights without a probe are enough', async () => {
    onTestFinished(await withFlag(api, '--log-file=stdout'), 300_000)
    // The run may not change the timeouts of the nodes.
    const nodes = await agentNodes(api, owner, 1)
    onTestFinished(() => nodes[Symbol.asyncDispose](), 60_000)
    const predicted = {
      RACE_ALLOW_NODE_CHANGES: 'false',
      RACE_KERNEL_TIMEOUT: '1',
      RACE_CONNECTIONS_PER_WAVE: '50',
    }
    const { exitCode, output, summary } = await runAs('without-probe', predicted)
    expect(exitCode, output).toBe(0)
    expect(summary?.cohorts.find(({ role }) => role === 'subject')).toMatchObject({ trigger: 'predicted' })
  })

  test('strict mode: the controller also creates the PolicyEndpoint of the server', async () => {
    onTestFinished(await withStrictMode(api), 300_000)
    const { exitCode, output, endpoints } = await runAs('with-probe')
    expect(exitCode, output).toBe(0)
    expect(ownersOf(endpoints())).toEqual(['NetworkPolicy', 'NetworkPolicy'])
  })
})
