/** `npa-race watch` on every node of a cluster, as `kind/watch.yaml` describes it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments, type Document } from 'yaml'
import { expect } from 'vitest'
import { run } from '../../fixtures/system/command.ts'
import { suiteFolder } from '../../fixtures/system/own-files.ts'
import { patient } from '../../fixtures/system/patience.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms } from '../../helpers/units.ts'

const namespace = 'npa-race-watch'
const selector = 'app.kubernetes.io/name=npa-race-watch'

/** Changes an object of `kind/watch.yaml` before it is applied. */
export type Change = (object: Document) => void

/** The path of the pods' settings in the DaemonSet. */
export const podPath = ['spec', 'template', 'spec'] as const

const manifests = (change: Change): string =>
  parseAllDocuments(readFileSync(join(suiteFolder, 'kind/watch.yaml'), 'utf8'))
    .map((document) => {
      if (document.get('kind') === 'DaemonSet') change(document)
      return String(document)
    })
    .join('')

export class WatchPods implements AsyncDisposable {
  readonly #kubeconfig: string | undefined

  private constructor(kubeconfig: string | undefined) {
    this.#kubeconfig = kubeconfig
  }

  /** Waits until every node is watched. @param kubeconfig default: the one that kubectl uses @param change of the DaemonSet */
  static async start(kubeconfig: string | undefined, change: Change): Promise<WatchPods> {
    const pods = new WatchPods(kubeconfig)
    await pods.#kubectl(['apply', '-f', '-'], manifests(change))
    await pods.#kubectl(['-n', namespace, 'rollout', 'status', 'daemonset/npa-race-watch', '--timeout=90s'])
    return pods
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kubectl(['delete', 'namespace', namespace, '--timeout=90s'])
  }

  #kubectl(args: readonly string[], input?: string): Promise<string> {
    return run('kubectl', args, {
      timeoutSeconds: 120,
      ...(this.#kubeconfig !== undefined && { env: { KUBECONFIG: this.#kubeconfig } }),
      ...(input !== undefined && { input }),
    })
  }

  async #ofPods(field: string): Promise<string[]> {
    return (await this.#kubectl(['-n', namespace, 'get', 'pods', '-o', `jsonpath={.items[*].${field}}`])).split(' ')
  }

  /** @returns the name of each watched node */
  nodes(): Promise<string[]> {
    return this.#ofPods('spec.nodeName')
  }

  /** @returns for each node the number of live flows with a denied reply */
  async denied(): Promise<number[]> {
    const ips = await this.#ofPods('status.hostIP')
    const texts = await Promise.all(ips.map(async (ip) => (await fetch(`http://${ip}:9464/metrics`)).text()))
    return texts.map((text) => Number(/^npa_race_denied_flows_total (\d+)$/m.exec(text)?.[1]))
  }

  /** Checks that flows were lost on one node and on no other, and that the log has them. @returns their number */
  async foundOnOneNode(): Promise<number> {
    let last: number[] = []
    const [most = 0, ...others] = await waitFor({
      condition: 'the losses are in the metrics',
      deadline: patient(ms(15_000)),
      every: ms(500),
      check: async () => {
        last = (await this.denied()).toSorted((one, other) => other - one)
        return (last[0] ?? 0) > 0 ? last : undefined
      },
      last: () => last.join(', '),
    })
    expect(others, 'the other nodes').toEqual(others.map(() => 0))
    const log = await this.#kubectl(['-n', namespace, 'logs', '-l', selector, '--tail=-1', '--max-log-requests=100'])
    const found = log.split('\n').filter((line) => line.includes('"deniedAfterMs"'))
    expect(found).toHaveLength(most)
    return most
  }
}
