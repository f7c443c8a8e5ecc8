/** A pod in its own namespace that looks like the agent but does nothing, for specs of broken clusters. */
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { apply, nameOf, remove, type Manifest } from '../../fixtures/targets/cluster/apply.ts'
import { untilRunning } from '../../fixtures/targets/cluster/readiness.ts'

export interface FakeAgent extends AsyncDisposable {
  readonly namespace: string
}

export interface FakeAgentOptions {
  readonly container: string
  readonly flags: readonly string[]
}

/** @param owner in the labels of the objects */
export async function fakeAgent(
  api: ClusterApi,
  owner: string,
  { container, flags }: FakeAgentOptions,
): Promise<FakeAgent> {
  const namespace = `npa-race-fake-${process.pid}`
  const name = 'aws-node-0'
  const made: (Manifest & Readonly<Record<string, unknown>>)[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { app: 'aws-node' } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: container,
            image: 'node:24-bookworm-slim',
            imagePullPolicy: 'IfNotPresent',
            // Node ignores what follows its script, and a reader of the pod sees the arguments of a program called controller.
            command: ['node', '--eval', 'setInterval(() => {}, 2 ** 30)', 'controller', ...flags],
          },
        ],
      },
    },
  ]
  for (const object of made) await apply(api, owner, object)
  await untilRunning(api, { namespace, name })
  return {
    namespace,
    async [Symbol.asyncDispose]() {
      for (const object of made.toReversed()) await remove(api, owner, nameOf(object))
    },
  }
}
