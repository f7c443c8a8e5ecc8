/** What a failing test prints: what was expected and seen, how to replay it, and where to look at it. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { npaRace, runRace } from './cli.ts'

test('a lost flow: four labelled lines, whose command and link work', { tags: ['lab'] }, async () => {
  using folder = temporaryFolder('failing')
  const settings = {
    RACE_AGENT: 'reference:consecutive-miss',
    RACE_IDLE_PASSES: '1',
    RACE_FLOW: 'udp-request',
    RACE_CONNECTIONS_PER_WAVE: '3',
  }
  const { exitCode, output } = await runRace(settings, { folder: folder.path })
  expect(exitCode, output).toBe(1)
  const address = String.raw`[\d.]+:\d+`
  expect(output).toMatch(/^expected: every reply arrives$/m)
  expect(output).toMatch(
    new RegExp(
      String.raw`^received: 3 of 3 replies lost \(first: udp ${address} → ${address}, entry deleted [\d.]+ (µs|ms) after the reuse\)$`,
      'm',
    ),
  )
  const [, page = '', anchor = ''] = /^timeline: (\S+\/report\.html)#(attempt-2)$/m.exec(output) ?? []
  expect(readFileSync(page, 'utf8').split(`id="${anchor}"`)).toHaveLength(2)
  const [, replay = ''] = /^replay: +npx npa-race (replay \S+ --attempt 2)$/m.exec(output) ?? []
  const again = await npaRace(replay.split(' '), { RACE_ITERATIONS: '' })
  expect(again.exitCode, again.output).toBe(1)
  expect(again.summary?.cohorts[1]).toMatchObject({
    agent: 'reference:consecutive-miss',
    flow: 'udp-request',
    idlePasses: 1,
    attempts: 1,
    lost: 3,
  })
})
