/** Any program that keeps to the contract of command agents can be judged, also one in another language. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runRace, type CliResult } from './cli.ts'

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** The shortest possible period. */
const own = { RACE_CLEANUP_PERIOD: '2', RACE_ITERATIONS: '1' }
/** Each test of a cohort waits for some of the agent's periods: the control from which the agent's habits are learned, and the attempts. */
const few = { args: ['specs/race', '-t', 'stale entries|attempt'] }

const reproduce = (command: readonly string[], settings: Readonly<Record<string, string>>): Promise<CliResult> =>
  runRace({ ...own, RACE_AGENT: JSON.stringify({ command }), RACE_EXPECT: 'lost', ...settings }, few)

const reproduced = { verdict: 'as-expected', lostAttempts: 1, exposures: 4, lost: 4 }

test('reproduces the race of a command agent with map layout 24/1', { tags: ['lab'] }, async () => {
  const command = [process.execPath, pathOf('agents/cleaner.ts')]
  const { exitCode, output, summary } = await reproduce(command, { RACE_MAP_LAYOUT: '24/1' })
  expect(exitCode, output).toBe(0)
  expect(summary?.cohorts[1]).toMatchObject(reproduced)
})

const hasPython = spawnSync('python3', ['--version']).status === 0

describe.skipIf(!hasPython)(
  `the example in the README${hasPython ? '' : ' (skipped: python3 does not run here)'}`,
  () => {
    test.for(['4', '6'])('reproduces its race over IPv%s', { tags: ['lab'] }, async (ip) => {
      const { exitCode, output, summary } = await reproduce([pathOf('../../examples/my-agent.py')], { RACE_IP: ip })
      expect(exitCode, output).toBe(0)
      expect(summary?.cohorts[1]).toMatchObject(reproduced)
    })
  },
)

test('judges a reference agent on its own timer', { tags: ['lab'] }, async () => {
  const settings = { RACE_AGENT: 'reference:last-seen', RACE_PASSES: 'own', RACE_WINDOW: 'after-reread' }
  const { exitCode, output } = await runRace({ ...own, ...settings }, few)
  expect(exitCode, output).toBe(1)
  expect(output).toContain('1 of 1 attempts lost a live flow')
})
