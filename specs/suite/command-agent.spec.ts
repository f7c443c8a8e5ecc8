/** Any program that keeps to the contract of command agents can be judged, also one in another language. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { findWorking, pathsOf } from '../../fixtures/system/working-program.ts'
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

const isThere = (program: string, argument: string): boolean =>
  findWorking(pathsOf(program), argument).path !== undefined

/** The agents in `examples/`, and what each needs on this machine. */
const examples = [
  { file: 'my-agent.py', needs: { python3: '--version' }, ips: ['4', '6'] },
  { file: 'my-agent.go', needs: { go: 'version' }, ips: ['4', '6'] },
  { file: 'my-agent.sh', needs: { bpftool: 'version', conntrack: '--version', awk: 'BEGIN {}' }, ips: ['4'] },
]

for (const { file, needs, ips } of examples) {
  const missing = Object.entries(needs).flatMap(([program, argument]) => (isThere(program, argument) ? [] : [program]))
  const skipped = missing.length > 0 ? ` (skipped: ${missing.join(', ')} cannot be run here)` : ''
  describe.skipIf(missing.length > 0)(`the example ${file}${skipped}`, () => {
    test.for(ips)('reproduces its race over IPv%s', { tags: ['lab'], timeout: 120_000 }, async (ip) => {
      using folder = temporaryFolder('example')
      const { exitCode, output, summary } = await reproduce([await started(file, folder.path)], { RACE_IP: ip })
      expect(exitCode, output).toBe(0)
      expect(summary?.cohorts[1]).toMatchObject(reproduced)
    })
  })
}

/** @returns the program to start: the example itself, or what its first lines say how to build */
async function started(file: string, folder: string): Promise<string> {
  const source = pathOf(`../../examples/${file}`)
  if (!file.endsWith('.go')) return source
  const program = join(folder, 'my-agent')
  await run('go', ['build', '-o', program, source], { timeoutSeconds: 120 })
  return program
}

test('judges a reference agent on its own timer', { tags: ['lab'] }, async () => {
  const settings = { RACE_AGENT: 'reference:last-seen', RACE_PASSES: 'own', RACE_WINDOW: 'after-reread' }
  const { exitCode, output } = await runRace({ ...own, ...settings }, few)
  expect(exitCode, output).toBe(1)
  expect(output).toContain('1 of 1 attempts lost a live flow')
})
