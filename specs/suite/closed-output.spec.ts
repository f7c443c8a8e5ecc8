/** A run whose standard output is closed, as by `npx npa-race run | head -3`, or full, cleans up and ends like an interrupted one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openJournal } from '../../fixtures/targets/undoers.ts'
import { npaRace, runRace, type CliOptions } from './cli.ts'

/** Lists what a run has on this machine: mounts, network namespaces and its journal, by the run id. */
function leftBy(runId: string): readonly string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : []
  const journal = openJournal(runId).path
  return [...mounts, ...namespaces, ...(existsSync(journal) ? [journal] : [])].filter((name) => name.includes(runId))
}

/** Starts a command whose standard output is a full disk. */
const toFullDisk = ['sh', '-c', 'exec "$@" >/dev/full', 'sh']

type Settings = Readonly<Record<string, string>>

describe('standard output is closed', { tags: ['lab'] }, () => {
  test.for([
    {
      command: 'npa-race run',
      start: (settings: Settings, options: CliOptions) => npaRace(['run'], settings, options),
    },
    { command: 'vitest run specs/race', start: runRace },
  ])('during $command: cleans up, exit 130', async ({ command, start }) => {
    const runId = `closed-${process.pid}-${command.length}`
    let during: readonly string[] = []
    const { exitCode, output, summary } = await start(
      { RACE_ITERATIONS: '500', RACE_RUN_ID: runId },
      { close: 'attempt 1 of 500', at: { when: 'attempt 1 of 500', run: async () => void (during = leftBy(runId)) } },
    )
    expect(during.length, 'the run has made something before that').toBeGreaterThan(4)
    expect(leftBy(runId), output).toEqual([])
    expect(exitCode, output).toBe(130)
    expect(output).toContain('standard output was closed: cancelling and cleaning up.')
    expect(summary?.verdict).toBe('interrupted')
  })

  test('the disk is full: cleans up, exit 130', async () => {
    const runId = `closed-${process.pid}-full`
    const { exitCode, output } = await runRace({ RACE_RUN_ID: runId }, { before: toFullDisk })
    expect(leftBy(runId), output).toEqual([])
    expect(exitCode, output).toBe(130)
    expect(output).toContain('standard output cannot be written: ENOSPC')
    expect(output).not.toMatch(/^ +at /m)
  })

  test('the disk is full during a command that only prints: exit 3', async () => {
    const { exitCode, output } = await npaRace(['explore'], {}, { before: toFullDisk })
    expect(exitCode).toBe(3)
    expect(output).toBe(
      'standard output cannot be written: ENOSPC: no space left on device, write; write it to another file\n',
    )
  })

  test('before the first attempt: exit 130', async () => {
    const runId = `closed-${process.pid}-early`
    const { exitCode, output } = await runRace({ RACE_RUN_ID: runId }, { close: 'RUN' })
    expect(leftBy(runId), output).toEqual([])
    expect(exitCode, output).toBe(130)
  })

  test('after the last attempt: the verdict stands', async () => {
    const { exitCode, output, summary } = await runRace({ RACE_EXPECT: 'lost' }, { close: ' conntrack race ' })
    expect(exitCode, output).toBe(1)
    expect(summary?.verdict).toBe('fail')
  })

  test('of a command that only prints: its own exit code', async () => {
    const { exitCode } = await npaRace(['explore'], {}, { close: '|' })
    expect(exitCode).toBe(0)
  })
})
