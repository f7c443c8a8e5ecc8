/** A failing test prints what was expected and received, how to replay it, a link to its timeline, and what it was waiting for. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { npaRace, runRace } from './cli.ts'

test(
  'a lost flow is reported in four labelled lines; the command and the link in them work',
  { tags: ['lab'] },
  async () => {
    using folder = temporaryFolder('failing')
    const { exitCode, output } = await runRace({ RACE_AGENT: 'reference:alternating' }, { folder: folder.path })
    expect(exitCode, output).toBe(1)
    const address = String.raw`[\d.]+:\d+`
    expect(output).toMatch(/^expected: every reply arrives$/m)
    expect(output).toMatch(
      new RegExp(
        String.raw`^received: 4 of 4 replies lost \(first: tcp ${address} → ${address}, entry deleted [\d.]+ (µs|ms) after the reuse\)$`,
        'm',
      ),
    )
    const [, page = '', anchor = ''] = /^timeline: (\S+\/report\.html)#(attempt-2)$/m.exec(output) ?? []
    expect(readFileSync(page, 'utf8').split(`id="${anchor}"`)).toHaveLength(2)
    const [, replay = ''] = /^replay: +npx npa-race (replay \S+ --attempt 2)$/m.exec(output) ?? []
    const again = await npaRace(replay.split(' '), { RACE_ITERATIONS: '' })
    expect(again.exitCode, again.output).toBe(1)
    expect(again.summary?.cohorts[1]).toMatchObject({ agent: 'reference:alternating', attempts: 1, lost: 4 })
  },
)

test('a test that times out during set-up names the fixture', { tags: ['lab'] }, async () => {
  const { exitCode, output } = await runRace({}, { args: ['specs/race', '--testTimeout=100'] })
  expect(exitCode, output).toBe(1)
  expect(output).toMatch(/Error: Test timed out in 100ms while setting up "testbed"\.$/m)
})
