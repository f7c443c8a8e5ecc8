/** Agents that clean in unusual ways, each with the verdict that it must get. An agent that loses a flow never passes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test, type TestOptions } from 'vitest'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { runRace } from './cli.ts'

const zoo = fileURLToPath(new URL('agents/zoo.ts', import.meta.url))
/** Each of these runs waits for a dozen of the agent's periods. */
const waiting: TestOptions = { tags: ['lab'], timeout: 180_000, concurrent: true }

const settingsOf = (name: string) => ({
  RACE_AGENT: JSON.stringify({ command: [process.execPath, zoo, name] }),
  RACE_CLEANUP_PERIOD: '2',
})

describe('an agent that is quiet in the middle of its pass', waiting, () => {
  test('loses its flows after the quiet: the suite learns to wait for it', async ({ signal }) => {
    const { exitCode, output, summary } = await runRace(settingsOf('sleepy'), { signal })
    expect(exitCode, output).toBe(1)
    expect(summary?.cohorts.at(-1)).toMatchObject({ verdict: 'contrary', lostAttempts: 2, valid: 2 })
    expect(summary?.cohorts.at(-1)?.windowMs?.p50).toBeGreaterThan(390)
  })

  test('longer in each pass: what it deletes after the attempt counts', async ({ signal }) => {
    const { exitCode, output } = await runRace(settingsOf('sleeps-more'), { signal })
    expect([1, 2], output).toContain(exitCode)
  })
})

describe('an agent that looks twice at an entry before it deletes it', waiting, () => {
  test('is held at its second look, and loses its flows', async ({ signal }) => {
    const settings = { ...settingsOf('look-twice'), RACE_WINDOW: 'after-reread' }
    const { exitCode, output, summary } = await runRace(settings, { signal })
    expect(exitCode, output).toBe(1)
    expect(summary?.cohorts.at(-1)).toMatchObject({ verdict: 'contrary', lostAttempts: 2, exposures: 8, lost: 8 })
  })

  test('loses nothing after its snapshot', async ({ signal }) => {
    const { exitCode, output } = await runRace(settingsOf('look-twice'), { signal })
    expect(exitCode, output).toBe(0)
  })
})

test(
  'an agent that never dumps conntrack: the run stops after the first attempt that shows it',
  waiting,
  async ({ signal }) => {
    const { exitCode, output, summary, history } = await runRace(settingsOf('never-dumps'), { signal })
    expect(exitCode, output).toBe(2)
    const [, seconds] =
      /the agent cannot be held: .*in (\d+) s, .* it was not seen to dump conntrack; it was seen to walk its map/.exec(
        summary?.because.join('\n') ?? '',
      ) ?? []
    // 19 s, or a multiple of it on a slow machine.
    expect(Number(seconds) % 19, output).toBe(0)
    const begun = history?.split('\n').filter((line) => line.includes('"attempt.begin"') && line.includes('"subject'))
    expect(begun).toHaveLength(1)
  },
)

describe('an agent that reaches the kernel in an unusual way', waiting, () => {
  const source = fileURLToPath(new URL('agents/zoo.c', import.meta.url))
  let program = ''

  beforeAll(async () => {
    const folder = temporaryFolder('zoo')
    program = join(folder.path, 'zoo')
    await run('clang-14', ['-O1', '-pthread', '-o', program, source])
    return () => folder[Symbol.dispose]()
  }, 60_000)

  /** The run starts the words as they are, or a shell that starts them and waits. */
  const raceOf = (
    signal: AbortSignal,
    words: string,
    settings: Readonly<Record<string, string>> = {},
    launcher: readonly string[] = [],
  ) =>
    runRace(
      {
        RACE_AGENT: JSON.stringify({ command: [...launcher, program, ...words.split(' ')] }),
        RACE_CLEANUP_PERIOD: '2',
        RACE_ITERATIONS: '1',
        ...settings,
      },
      { signal },
    )
  const shell = ['sh', '-c', '"$@" & wait', 'sh']

  /** Processes that run the program with these words. */
  const left = (words: string): string[] =>
    readdirSync('/proc').filter((pid) => {
      try {
        const line = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') : ''
        return line.includes(`${program} ${words} `)
      } catch {
        return false // It has ended meanwhile.
      }
    })

  test.for([
    { words: 'write-netlink thread lookup-delete', launcher: [] },
    { words: 'recvmmsg forks delete-batch', launcher: [] },
    { words: 'readv lookup-delete-batch', launcher: [] },
    { words: 'two-dumps', launcher: shell },
  ])('$words, started by "$launcher": is held after its snapshot, and loses its flows', async (agent, { signal }) => {
    const { exitCode, output, summary } = await raceOf(signal, agent.words, {}, agent.launcher)
    expect(exitCode, output).toBe(1)
    expect(summary?.cohorts.at(-1)).toMatchObject({ verdict: 'contrary', lostAttempts: 1, exposures: 4, lost: 4 })
    expect(output).toContain(' observed at the system calls of the agent’s processes')
    expect(left(agent.words)).toEqual([])
  })

  test.for([
    { words: 'forked', exposures: 4 },
    { words: 'forks', exposures: 4 },
    // The whole batch is held at once, so that one flow of it is used again.
    { words: 'delete-batch', exposures: 1 },
  ])('$words: is held before its delete, and loses its flows', async ({ words, exposures }, { signal }) => {
    const { exitCode, output, summary } = await raceOf(signal, words, { RACE_WINDOW: 'before-delete' })
    expect(exitCode, output).toBe(1)
    expect(summary?.cohorts.at(-1)).toMatchObject({ verdict: 'contrary', exposures, lost: exposures })
    expect(left(words)).toEqual([])
  })

  test('queries: the run stops early, and says what the agent was seen to do', async ({ signal }) => {
    const { exitCode, output, summary } = await raceOf(signal, 'queries')
    expect(exitCode, output).toBe(2)
    expect(summary?.because.join('\n')).toMatch(
      /the agent cannot be held: .* it was not seen to dump conntrack; .* and to query conntrack flow by flow/,
    )
  })

  test('io-uring-reads: its dumps are not seen, and the run stops early', async ({ signal }) => {
    const { exitCode, output, summary } = await raceOf(signal, 'io-uring-reads')
    expect(exitCode, output).toBe(2)
    expect(summary?.because.join('\n')).toMatch(/the agent cannot be held: .* it was not seen to dump conntrack/)
  })

  test('bpf-program: its deletes are not seen, and it does not pass', async ({ signal }) => {
    const { exitCode, output, summary } = await raceOf(signal, 'bpf-program')
    expect(exitCode, output).toBe(2)
    expect(summary?.because.join('\n')).toContain('the map lost the entry, and the agent was not seen to delete it')
  })
})
