/**
 * `npa-race watch` on every node of a cluster, with the rights of `kind/watch.yaml`. The pods run what is in the image of the watch, from a folder that the
 * nodes must see, as those of the rig do (RIG); the image itself is used in `kind.spec.ts`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { watchImage } from '../../fixtures/install/watch-image.ts'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { runRace } from '../suite/cli.ts'
import { answered, Prometheus } from '../suite/prometheus.ts'
import { settingsOf } from './agent-nodes.ts'
import { discoveryOf, whyNoDiscovery } from './discovered-pods.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'
import { podPath, WatchPods, type Change } from './watch-pods.ts'

const base = 'docker.io/library/node:24-bookworm-slim'
const attempts = 2
const seesFolders = onCluster && process.env['RIG'] !== undefined
const why =
  onCluster && !seesFolders
    ? ' (skipped: needs a cluster whose nodes see the folders of this machine; RIG names it)'
    : whySkipped

const whyNoPods = seesFolders ? await whyNoDiscovery() : ''

/** What the image runs. */
const entrypoint = (): string[] =>
  z
    .array(z.string())
    .parse(JSON.parse(/^ENTRYPOINT (.*)$/m.exec(readFileSync(watchImage.dockerfile, 'utf8'))?.[1] ?? '[]'))

/** The pods use the base image, and have the files of the image in a folder of the node. */
const withFolder =
  (folder: string): Change =>
  (daemonSet) => {
    const container = [...podPath, 'containers', 0]
    daemonSet.setIn([...container, 'image'], base)
    daemonSet.setIn([...container, 'command'], entrypoint())
    daemonSet.addIn([...container, 'volumeMounts'], { name: 'image', mountPath: '/npa-race', readOnly: true })
    daemonSet.addIn([...podPath, 'volumes'], { name: 'image', hostPath: { path: folder, type: 'Directory' } })
  }

describe.skipIf(!seesFolders)(`watch${why}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  const api = seesFolders ? clusterOfRun() : undefined
  const folder = temporaryFolder('watch-image')
  let pods: WatchPods

  beforeAll(async () => {
    await watchImage.stage?.(folder.path, process.arch === 'x64' ? 'x86_64' : 'aarch64')
    await run('tar', ['-x', '-f', join(folder.path, 'watch.tar'), '-C', folder.path])
    pods = await WatchPods.start(inject('race').kubeconfig, withFolder(folder.path))
  }, 150_000)
  afterAll(async () => {
    await pods[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  }, 120_000)

  test('the flows that a run loses are found on the node of its client, and on no other', async () => {
    if (!api) return
    expect((await pods.denied()).every((count) => count === 0)).toBe(true)
    const settings = { ...(await settingsOf(api)), RACE_ITERATIONS: String(attempts) }
    const { exitCode, output, summary } = await runRace(settings, { args: ['specs/race', '-t', 'subject'] })
    expect(exitCode, output).toBe(0)
    expect(summary?.cohorts.find(({ role }) => role === 'subject')).toMatchObject({ lostAttempts: attempts })
    expect(await pods.foundOnOneNode()).toBeGreaterThan(0)
  })

  test.skipIf(whyNoPods !== '')(`Prometheus finds the pods, and names their nodes${whyNoPods}`, async () => {
    using own = temporaryFolder('prometheus')
    await using prometheus = new Prometheus(own.path, discoveryOf(inject('race').kubeconfig, own.path))
    const ascending = (one: number, other: number): number => one - other
    const expected = (await pods.denied()).toSorted(ascending)
    const found = await answered('all nodes are scraped', async () => {
      const values = await prometheus.values('npa_race_denied_flows_total')
      return values.length === expected.length ? values : undefined
    })
    expect(found.map(({ value }) => value).toSorted(ascending)).toEqual(expected)
    expect(found.map(({ metric }) => metric['node'] ?? 'no name').toSorted()).toEqual((await pods.nodes()).toSorted())
  })
})
