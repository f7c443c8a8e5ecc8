/** What a run saves when it fails on a cluster: the agent's log, the pods and their events, without secrets. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test as base, beforeAll, describe, expect } from 'vitest'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { runRace } from '../suite/cli.ts'
import { settingsOf } from './agent-nodes.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'

const test = base.extend('folder', ({}, { onCleanup }) => {
  const folder = temporaryFolder('evidence')
  onCleanup(() => folder[Symbol.dispose]())
  return folder.path
})

/** The saved texts of the only failure, by the names of their files. */
function saved(folder: string): Record<string, string> {
  const evidence = join(folder, 'latest/evidence')
  const [first = '', ...others] = readdirSync(evidence)
  expect(others).toEqual([])
  const path = join(evidence, first)
  return Object.fromEntries(readdirSync(path).map((file) => [file, readFileSync(join(path, file), 'utf8')]))
}

describe.skipIf(!onCluster)(`evidence of a failure${whySkipped}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  let settings: Record<string, string>
  beforeAll(async () => {
    settings = { ...(await settingsOf(clusterOfRun())), RACE_ITERATIONS: '1' }
  })

  test('of an attempt that lost: the log of the agent on the node, the pods, and their events', async ({ folder }) => {
    const args = ['specs/race', '-t', 'subject.*attempt']
    const { exitCode, output } = await runRace({ ...settings, RACE_EXPECT: 'survives' }, { args, folder })
    expect(exitCode, output).toBe(1)
    expect(output).toContain(`the agent's log, pods and events of each failure: ${join(folder, 'latest/evidence')}`)
    const files = saved(folder)
    const { 'pods.yaml': pods = '', 'events.txt': events, ...logs } = files
    for (const name of ['test-client', 'test-server', 'npa-race-probe', 'aws-node'])
      expect(pods).toMatch(`name: ${name}`)
    expect(pods).toContain('value: "[not saved]"')
    expect(pods).not.toContain('managedFields')
    expect(events).toMatch(/ Pod\/test-client\S* Started: /)
    for (const [file, log] of Object.entries(logs)) {
      expect(file).toMatch(/^aws-node-\w+\.log$/)
      expect(log.split('\n').length).toBeLessThanOrEqual(201)
    }
    expect(Object.values(logs).join('')).toMatch(/conntrack/i)
  })

  test('of a set-up that failed: the events say why', async ({ folder }) => {
    const image = 'registry.invalid/none:1'
    const { exitCode, output } = await runRace({ ...settings, RACE_IMAGE: image }, { args: ['specs/race'], folder })
    expect(exitCode, output).toBe(3)
    expect(saved(folder)['events.txt']).toMatch(/Pod\/test-client\S* Failed: .*registry\.invalid\/none:1/)
  })
})
