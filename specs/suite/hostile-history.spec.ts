/**
 * A history may come from an attacker, e.g. from the results of a pull request. Reading it must not start a program, and must write only plain
 * text to the terminal.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test as base, describe, expect } from 'vitest'
import type { HistoryEvent } from '../../helpers/history/event.ts'
import { exampleAttempt, exampleCohort, exampleRun } from '../../helpers/judge/example-attempt.ts'
import { ns } from '../../helpers/units.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { npaRace } from './cli.ts'

/** An escape sequence that clears the screen, sets the title of the terminal window, and forges a verdict. */
const escape = '\u001b[2J\u001b]0;title\u0007\r PASS \u009b31m'

const test = base
  .extend('folder', ({}, { onCleanup }) => {
    const folder = temporaryFolder('hostile')
    onCleanup(() => folder[Symbol.dispose]())
    return folder.path
  })
  .extend('write', ({ folder }) => (name: string, events: readonly HistoryEvent[]): string => {
    const results = join(folder, name)
    mkdirSync(results)
    writeFileSync(join(results, 'history.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    return results
  })

const end: HistoryEvent = { type: 'run.end', at: ns(9e12), reason: 'failed', failedTests: [escape], durationMs: 1 }
const escaping = (runId: string): HistoryEvent[] => [
  { ...exampleRun, runId, replay: escape, environment: { ...exampleRun.environment, kernel: escape } },
  exampleCohort({ agent: `reference:${escape}` }),
  ...exampleAttempt({ lost: true }),
  { type: 'check', at: ns(1), cohort: 'subject', check: 'illegitimate-denied', ok: false, saw: escape },
  end,
]

describe('escape sequences are printed as text', () => {
  test('by judge, report and replay', async ({ write }) => {
    const results = write('run', escaping('a'))
    for (const args of [['judge'], ['report'], ['replay', '--attempt', '1'], ['replay', '--attempt', '9']]) {
      const { output } = await npaRace([...args, results])
      expect(output, args.join(' ')).toMatch(/^[\n\t\P{Cc}]*$/u)
    }
  })

  test('by merge, for runs with equal and with different conditions', async ({ write, folder }) => {
    const runs = [write('a', escaping('a')), write('b', escaping('b'))]
    const unlike = write('c', [{ ...exampleRun, runId: escape }, exampleCohort({ agent: escape }), end])
    for (const all of [runs, [...runs, unlike]]) {
      const { output } = await npaRace(['merge', ...all, '--into', join(folder, 'into')])
      expect(output).toMatch(/^[\n\t\P{Cc}]*$/u)
      expect(output).toMatch(/\\(?:x|u00)1b\[2J/)
    }
  })
})

describe('replay', () => {
  test.for([
    {
      what: 'a command',
      agent: 'command:touch',
      config: (proof: string) => ({ agent: { command: ['touch', proof] } }),
    },
    { what: 'a checkout', agent: 'npa:/nowhere', config: () => ({ agent: 'npa:/nowhere' }) },
    {
      what: 'a replaced module',
      agent: 'npa:v1.4.3',
      config: () => ({ agent: 'npa:v1.4.3', go_replace: ['a.b/c=v1'] }),
    },
  ])('does not start $what that only the history names', async ({ agent, config }, { write, folder }) => {
    const proof = join(folder, 'proof')
    const results = write('run', [
      { ...exampleRun, config: config(proof) },
      exampleCohort({ agent }),
      ...exampleAttempt({ lost: true }),
    ])
    const { exitCode, output } = await npaRace(['replay', results, '--attempt', '1'])
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/If you trust it, repeat the setting:\n +RACE_\w+=\S.* npx npa-race replay/)
    expect(existsSync(proof)).toBe(false)
  })
})
