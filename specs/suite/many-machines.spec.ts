/** Runs on several machines: vitest's own shards, and one verdict from the histories of several runs. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base, describe, expect } from 'vitest'
import { npaRace, runRace } from './cli.ts'

const test = base.extend('folder', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'npa-race-machines-'))
  onCleanup(() => rmSync(folder, { recursive: true }))
  return folder
})

const runsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name !== 'latest')
    .map((name) => join(folder, name))

describe('vitest --shard and --merge-reports', { tags: ['lab'] }, () => {
  test('join a run that was split into shards', async ({ folder }) => {
    const blobs = join(folder, 'blobs')
    const results = join(folder, 'results')
    for (const shard of ['1/2', '2/2']) {
      const blob = join(blobs, `${shard.replace('/', '-of-')}.json`)
      const args = ['specs/race', 'helpers/statistics', `--shard=${shard}`, '--reporter=blob', `--outputFile=${blob}`]
      const { exitCode, output } = await runRace({}, { args, folder: results })
      expect(exitCode, output).toBe(0)
    }
    const judged = runsIn(results)
    expect(judged).toHaveLength(1) // Only one of them made attempts.
    const { exitCode, output } = await runRace({}, { args: [`--merge-reports=${blobs}`], folder: results })
    expect(exitCode, output).toBe(0)
    expect(output).toContain('specs/race/race.spec.ts')
    expect(output).toContain('helpers/statistics/statistics.test.ts')
    expect(runsIn(results)).toEqual(judged)
  })
})

describe('npa-race merge', { tags: ['lab'] }, () => {
  test('joins runs with the same conditions into one verdict with a tighter bound', async ({ folder }) => {
    const runs = join(folder, 'runs')
    await runRace({}, { folder: runs })
    await runRace({ RACE_ITERATIONS: '3' }, { folder: runs })
    const joined = join(folder, 'joined')
    const { exitCode, output } = await npaRace(['merge', ...runsIn(runs), '--into', joined])
    expect(exitCode, output).toBe(0)
    expect(output).toContain('The subject lost no flow in 5 attempts')
    expect(output).toContain('The control lost flows in 5 of 5.')
    const [result = ''] = runsIn(joined)
    expect(existsSync(join(result, 'report.html'))).toBe(true)
    const again = await npaRace(['judge', result])
    expect(again.exitCode, again.output).toBe(0)
  })

  test('refuses runs whose agents have the same command but different files, and names the file', async ({
    folder,
  }) => {
    const script = join(folder, 'agent.sh')
    const runs = join(folder, 'runs')
    const settings = { RACE_AGENT: JSON.stringify({ command: [script] }) }
    // A control that waits for no pass of the agent is enough: what the agent's files are is recorded before it.
    const options = { args: ['specs/race', '-t', 'subject .* denied'], folder: runs }
    const agent = fileURLToPath(new URL('agents/cleaner.ts', import.meta.url))
    for (const comment of ['one', 'another']) {
      writeFileSync(script, `#!/bin/sh\n# ${comment}\nexec '${process.execPath}' '${agent}'\n`, { mode: 0o755 })
      const { summary, output } = await runRace(settings, options)
      expect(summary?.cohorts[0]?.files, output).toEqual([
        { file: script, sha256: expect.stringMatching(/^[\da-f]{64}$/) as string },
      ])
    }
    const { exitCode, output } = await npaRace(['merge', ...runsIn(runs)])
    expect(exitCode, output).toBe(3)
    expect(output).toContain(
      `the agent of cohort "subject command:${script} after-snapshot" differs: files ${script} "`,
    )
  })
})
