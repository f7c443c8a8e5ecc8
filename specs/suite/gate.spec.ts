/** The gate for pull requests of the agent: its steps as a runner would run them, on a copy of a checkout. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, type TestTags } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { checkoutOf, type Change } from './npa-checkout.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const action = join(root, '.github/actions/race-gate')
const npa: { tags: TestTags['tags'][]; timeout: number } = { tags: ['lab', 'npa'], timeout: 1_200_000 }

const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ default: z.string().optional() })),
  runs: z.object({
    steps: z.array(
      z.object({
        run: z.string().optional(),
        uses: z.string().optional(),
        env: z.record(z.string(), z.string()).optional(),
      }),
    ),
  }),
})
const { inputs, runs } = actionSchema.parse(parse(readFileSync(join(action, 'action.yml'), 'utf8')))

/** What a runner puts in place of `${{ inputs.name }}`. */
const filled = (text: string, given: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => given[name] ?? inputs[name]?.default ?? '')

async function gate(
  release: typeof fixed,
  changes: readonly Change[] = [],
  more: Readonly<Record<string, string>> = {},
) {
  using checkout = await checkoutOf(release.agent.replace('npa:', ''), changes)
  return await runSteps({ path: checkout.folder, 'go-replace': release.go_replace.join(','), ...more })
}

/** Runs the action's own commands. @param inputs as a workflow would give them */
async function runSteps(given: Readonly<Record<string, string>>) {
  using work = temporaryFolder('gate')
  const all = { results: join(work.path, 'results'), ...given }
  const output = join(work.path, 'output')
  let log = ''
  for (const { run: command, env = {} } of runs.steps) {
    if (command === undefined) continue
    const settings = Object.entries({ ...env, GITHUB_OUTPUT: output, GITHUB_ACTION_PATH: action, NO_COLOR: '1' })
    const assignments = settings.map(([name, value]) => `${name}=${filled(value, all)}`)
    log += await run('env', [...clean, ...assignments, 'sh', '-c', command], {
      timeoutSeconds: 900,
      accept: [0, 1, 2, 3],
    })
  }
  const outputs = Object.fromEntries(
    readFileSync(output, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  )
  return { log, outputs, hasReport: existsSync(outputs['report'] ?? '') }
}

/** This run's own settings are not the gate's. */
const clean = Object.keys(process.env).flatMap((name) =>
  /^(RACE_|VITEST|TEST$|NODE_OPTIONS)/.test(name) ? ['-u', name] : [],
)

describe('the gate', npa, () => {
  test('lets the fix pass', async () => {
    const { log, outputs, hasReport } = await gate(fixed)
    expect(outputs['verdict'], log).toBe('pass')
    expect(log).toContain('::notice title=conntrack race::after-snapshot: pass')
    expect(hasReport).toBe(true)
  })

  test('fails the vulnerable release', async () => {
    const { log, outputs, hasReport } = await gate(vulnerable)
    expect(outputs['verdict'], log).toBe('fail')
    expect(log).toContain('::error title=conntrack race::after-snapshot: fail')
    expect(hasReport).toBe(true)
  })

  test('says that a checkout does not compile', async () => {
    const broken = { file: 'pkg/utils/utils.go', from: 'package utils', to: 'package' }
    const { log, outputs } = await gate(vulnerable, [broken])
    expect(outputs['verdict'], log).toBe('error')
    expect(log).toContain('::error title=conntrack race::after-snapshot: error: nothing was run')
  })

  test('reports the worst of its windows', async () => {
    const { log, outputs } = await gate(vulnerable, [], { windows: 'after-reread after-snapshot', attempts: '1' })
    expect(log).toContain('::error title=conntrack race::after-reread: inconclusive: the run proves nothing')
    expect(outputs['verdict'], log).toBe('fail')
    expect(outputs['report']).toMatch(/after-snapshot\/latest\/report\.html$/)
  })
})

test.for([
  [{ path: 'nowhere' }, 'path: there is no folder nowhere'],
  [{ path: '.', windows: ' ' }, 'windows: none is named'],
  [{ path: '.', windows: 'whenever' }, 'whenever: error: nothing was run'],
] as const)('the gate refuses %o', npa, async ([given, why]) => {
  const { log, outputs } = await runSteps(given)
  expect(outputs['verdict'], log).toBe('error')
  expect(log).toContain(`::error title=conntrack race::${why.startsWith('whenever') ? '' : 'error: '}${why}`)
})
