/** The arguments and flags of `npa-race`. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { suiteFolder } from '../../fixtures/system/own-files.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { shellQuoted } from '../../helpers/config/replay-command.ts'
import manifest from '../../package.json' with { type: 'json' }
import { npaRace } from './cli.ts'

describe('npa-race run', () => {
  test.for([
    [['reference:alternating'], 'error: unexpected word "reference:alternating". Name the agent with --agent, '],
    [['subject', '--', '-t', 'attempt'], 'error: unexpected word "subject". '],
    [['--agent', ''], 'error: --agent has an empty value: give one, or leave the flag out; nothing was changed'],
    [['--agent', 'reference:nope'], 'RACE_AGENT  agent: "reference:nope" '],
    [['--window', 'whenever'], 'RACE_WINDOW  window: "whenever" must be after-snapshot, after-reread or before-delete'],
    [['--target', 'moon'], 'RACE_TARGET  target: "moon" must be lab, kind, k3d or kubeconfig'],
    [['--expect', 'luck'], 'RACE_EXPECT  expect: "luck" must be survives or lost'],
  ] as const)('%j: exit 3, and nothing is changed', async ([args, why]) => {
    const { exitCode, output, history } = await npaRace(['run', ...args])
    expect(exitCode, output).toBe(3)
    expect(output).toContain(why)
    expect(history).toBeUndefined()
  })

  test('in another folder than that of the checkout: exit 3, and the message names it', async () => {
    const { exitCode, output } = await npaRace(['run'], {}, { startIn: import.meta.dirname })
    expect(exitCode, output).toBe(3)
    expect(output).toBe(
      `run this command in the folder of the checkout: cd ${shellQuoted(suiteFolder)}; nothing was changed\n`,
    )
  })

  test('flags set the configuration; arguments after -- go to vitest', { tags: ['lab', 'short'] }, async () => {
    const flags = [
      '--agent',
      'reference:alternating',
      '--window',
      'after-snapshot',
      '--target',
      'lab',
      '--expect',
      'lost',
    ]
    const { exitCode, output, summary } = await npaRace(['run', ...flags, '--', '-t', 'subject'])
    expect(exitCode, output).toBe(0)
    expect(summary?.cohorts).toMatchObject([{ role: 'subject', agent: 'reference:alternating', expect: 'lost' }])
    expect(output).toMatch(/^ run again: .*RACE_AGENT=reference:alternating .*npx vitest run specs\/race -t subject$/m)
  })
})

describe('a file that cannot be used: one line says why, exit 3', () => {
  test.for([['judge'], ['report'], ['replay', '--attempt', '1'], ['merge']] as const)(
    '%j',
    async ([command, ...more]) => {
      using folder = temporaryFolder('unusable')
      const history = join(folder.path, 'history.jsonl')
      mkdirSync(history)
      const { exitCode, output } = await npaRace([command, folder.path, ...more])
      expect(exitCode, output).toBe(3)
      expect(output).toContain(`cannot read ${history}: it is a folder: name a file (EISDIR)`)
      expect(output.trimEnd()).not.toContain('\n')
    },
  )

  test('explain --html', async () => {
    using folder = temporaryFolder('unusable')
    const { exitCode, output } = await npaRace(['explain', '/dev/null', '--html', folder.path])
    expect(exitCode, output).toBe(3)
    expect(output).toBe(`cannot write ${folder.path}: it is a folder: name a file (EISDIR)\n`)
  })
})

test('npa-race --version prints the version', async () => {
  const { exitCode, output } = await npaRace(['--version'])
  expect(exitCode).toBe(0)
  expect(output).toBe(`${manifest.version}\n`)
})

const coverageSchema = z.object({ result: z.array(z.object({ url: z.string() })) })

test('npa-race --help loads none of the libraries that only a run needs', async () => {
  using folder = temporaryFolder('loaded')
  const { exitCode, output } = await npaRace(['--help'], { NODE_V8_COVERAGE: folder.path })
  expect(exitCode, output).toBe(0)
  const loaded = readdirSync(folder.path).flatMap((file) => {
    const { result } = coverageSchema.parse(JSON.parse(readFileSync(join(folder.path, file), 'utf8')))
    return result.flatMap(({ url }) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
  })
  expect([...new Set(loaded)]).toEqual(['commander'])
})
