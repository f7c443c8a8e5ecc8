/**
 * `npa-race watch` on every node of a cluster, with the rights of `kind/watch.yaml`. The pods run the program of this checkout, which the nodes must
 * see, as those of the rig do (RIG); building the image needs Docker and a registry of packages.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { run } from '../../fixtures/system/command.ts'
import { suiteFolder } from '../../fixtures/system/own-files.ts'
import { patient } from '../../fixtures/system/patience.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms } from '../../helpers/units.ts'
import { runRace } from '../suite/cli.ts'
import { settingsOf } from './agent-nodes.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'

const namespace = 'npa-race-watch'
const image = 'docker.io/library/node:24-bookworm-slim'
const attempts = 2
const seesCheckout = onCluster && process.env['RIG'] !== undefined
const why =
  onCluster && !seesCheckout ? ' (skipped: needs a cluster whose nodes see this checkout; RIG names it)' : whySkipped

/** The objects as they are applied by hand, with the program of this checkout instead of the image. */
function manifests(): string {
  const documents = parseAllDocuments(readFileSync(`${suiteFolder}/kind/watch.yaml`, 'utf8'))
  for (const document of documents) {
    if (document.get('kind') !== 'DaemonSet') continue
    const pod = ['spec', 'template', 'spec']
    document.setIn([...pod, 'containers', 0, 'image'], image)
    document.addIn([...pod, 'containers', 0, 'volumeMounts'], { name: 'suite', mountPath: '/npa-race', readOnly: true })
    document.addIn([...pod, 'volumes'], { name: 'suite', hostPath: { path: suiteFolder, type: 'Directory' } })
  }
  return documents.map(String).join('')
}

describe.skipIf(!seesCheckout)(`watch${why}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  const api = seesCheckout ? clusterOfRun() : undefined
  const kubectl = (args: readonly string[], input?: string): Promise<string> =>
    run('kubectl', args, { timeoutSeconds: 120, ...(input !== undefined && { input }) })

  beforeAll(async () => {
    await kubectl(['apply', '-f', '-'], manifests())
    await kubectl(['-n', namespace, 'rollout', 'status', 'daemonset/npa-race-watch', '--timeout=90s'])
  }, 150_000)
  afterAll(() => kubectl(['delete', 'namespace', namespace, '--timeout=90s']), 120_000)

  /** @returns for each node the number of live flows with a denied reply */
  async function denied(): Promise<number[]> {
    const ips = (await kubectl(['-n', namespace, 'get', 'pods', '-o', 'jsonpath={.items[*].status.hostIP}'])).split(' ')
    const texts = await Promise.all(ips.map(async (ip) => (await fetch(`http://${ip}:9464/metrics`)).text()))
    return texts.map((text) => Number(/^npa_race_denied_flows_total (\d+)$/m.exec(text)?.[1]))
  }

  test('the flows that a run loses are found on the node of its client, and on no other', async () => {
    if (!api) return
    expect((await denied()).every((count) => count === 0)).toBe(true)
    const settings = { ...(await settingsOf(api)), RACE_ITERATIONS: String(attempts) }
    const { exitCode, output, summary } = await runRace(settings, { args: ['specs/race', '-t', 'subject'] })
    expect(exitCode, output).toBe(0)
    expect(summary?.cohorts.find(({ role }) => role === 'subject')).toMatchObject({ lostAttempts: attempts })
    let last: number[] = []
    const [most = 0, ...others] = await waitFor({
      condition: 'the losses are in the metrics',
      deadline: patient(ms(15_000)),
      every: ms(500),
      check: async () => {
        last = (await denied()).toSorted((one, other) => other - one)
        return (last[0] ?? 0) > 0 ? last : undefined
      },
      last: () => last.join(', '),
    })
    expect(most).toBeGreaterThan(0)
    expect(
      others.every((count) => count === 0),
      last.join(', '),
    ).toBe(true)
    const log = await kubectl(['-n', namespace, 'logs', '-l', 'app.kubernetes.io/name=npa-race-watch', '--tail=-1'])
    const findings = log.split('\n').filter((line) => line.includes('"deniedAfterMs"'))
    expect(findings).toHaveLength(most)
  })
})
