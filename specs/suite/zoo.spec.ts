/** Agents that clean in unusual ways, each with the verdict that it must get. None of them may pass where it loses a flow. */
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runRace } from './cli.ts'

const zoo = fileURLToPath(new URL('agents/zoo.ts', import.meta.url))
/** Each of these runs waits for a dozen of the agent's periods. */
const timeout = 180_000

const settingsOf = (name: string) => ({
  RACE_AGENT: JSON.stringify({ command: [process.execPath, zoo, name] }),
  RACE_CLEANUP_PERIOD: '2',
})

describe('an agent that is quiet in the middle of its pass', { tags: ['lab'], timeout }, () => {
  test('loses its flows after the quiet: the suite learns to wait for it', async () => {
    const { exitCode, output, summary } = await runRace(settingsOf('sleepy'))
    expect(exitCode, output).toBe(1)
    expect(summary?.cohorts.at(-1)).toMatchObject({ verdict: 'contrary', lostAttempts: 2, valid: 2 })
    expect(summary?.cohorts.at(-1)?.windowMs?.p50).toBeGreaterThan(390)
  })

  test('longer in each pass: what it deletes after the attempt counts', async () => {
    const { exitCode, output } = await runRace(settingsOf('sleeps-more'))
    expect([1, 2], output).toContain(exitCode)
  })
})

describe('an agent that looks twice at an entry before it deletes it', { tags: ['lab'], timeout }, () => {
  test('is held at its second look, and loses its flows', async () => {
    const { exitCode, output, summary } = await runRace({ ...settingsOf('look-twice'), RACE_WINDOW: 'after-reread' })
    expect(exitCode, output).toBe(1)
    expect(summary?.cohorts.at(-1)).toMatchObject({ verdict: 'contrary', lostAttempts: 2, exposures: 8, lost: 8 })
  })

  test('loses nothing after its snapshot', async () => {
    const { exitCode, output } = await runRace(settingsOf('look-twice'))
    expect(exitCode, output).toBe(0)
  })
})

test(
  'an agent that never dumps conntrack: the run stops after the first attempt that shows it',
  { tags: ['lab'], timeout },
  async () => {
    const { exitCode, output, summary, history } = await runRace(settingsOf('never-dumps'))
    expect(exitCode, output).toBe(2)
    expect(summary?.because.join('\n')).toMatch(
      /the agent cannot be held: .*in 19 s, .* it was not seen to dump conntrack; it was seen to walk its map/,
    )
    const begun = history?.split('\n').filter((line) => line.includes('"attempt.begin"') && line.includes('"subject'))
    expect(begun).toHaveLength(1)
  },
)
