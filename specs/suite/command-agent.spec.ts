/** Any program can be judged: an agent that only knows the contract of command agents. */
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runRace } from './cli.ts'

const agent = (program: string) =>
  JSON.stringify({ command: [process.execPath, fileURLToPath(new URL(`agents/${program}.ts`, import.meta.url))] })
/** The shortest period there is. */
const own = { RACE_CLEANUP_PERIOD: '2', RACE_ITERATIONS: '1' }
/** Each test of a cohort waits for some of the agent's periods: the control from which the agent's habits are learned, and the attempts. */
const few = { args: ['specs/race', '-t', 'stale entries|attempt'] }

describe('a command agent on its own timer is held from outside', { tags: ['lab'] }, () => {
  test.for([
    { layout: '24/1', ip: '4' },
    { layout: '24/16', ip: '6' },
  ])('map layout $layout, IPv$ip: the race is reproduced', async ({ layout, ip }) => {
    const settings = { ...own, RACE_AGENT: agent('cleaner'), RACE_MAP_LAYOUT: layout, RACE_IP: ip, RACE_EXPECT: 'lost' }
    const { exitCode, output, summary } = await runRace(settings, few)
    expect(exitCode, output).toBe(0)
    expect(summary?.cohorts[1]).toMatchObject({ verdict: 'as-expected', lostAttempts: 1, exposures: 4, lost: 4 })
  })
})

test('a reference agent on its own timer', { tags: ['lab'] }, async () => {
  const { exitCode, output } = await runRace(
    {
      ...own,
      RACE_AGENT: 'reference:last-seen',
      RACE_PASSES: 'own',
      RACE_WINDOW: 'after-reread',
    },
    few,
  )
  expect(exitCode, output).toBe(1)
  expect(output).toContain('1 of 1 attempts lost a live flow')
})
