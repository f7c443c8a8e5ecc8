/** The gate for pull requests of the agent: its steps as a runner would run them, on a copy of a checkout. */
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
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
const { inputs, runs } = actionSchema.parse(parse(readFileSync(join(root, 'action.yml'), 'utf8')))

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

interface Job {
  /** A program and arguments that start each step. */
  readonly before?: readonly string[]
  /** Variables of the job. */
  readonly settings?: Readonly<Record<string, string>>
  /** The user who owns the folders of the job. */
  readonly uid?: number
}

/** Runs the action's own commands. @param given its inputs, as a workflow would give them */
async function runSteps(given: Readonly<Record<string, string>>, { before = [], settings = {}, uid = 0 }: Job = {}) {
  using work = temporaryFolder('gate')
  chownSync(work.path, uid, uid)
  const all = { results: join(work.path, 'results'), ...given }
  const [output, summary] = [join(work.path, 'output'), join(work.path, 'summary')]
  const job = {
    ...settings,
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_ACTION_PATH: root,
    NO_COLOR: '1',
  }
  let log = ''
  for (const { run: command, env = {} } of runs.steps) {
    if (command === undefined) continue
    const assignments = Object.entries({ ...env, ...job }).map(([name, value]) => `${name}=${filled(value, all)}`)
    log += await run('env', [...clean, ...assignments, ...before, 'sh', '-c', command], {
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
  const report = outputs['report'] ?? ''
  return {
    log,
    outputs,
    summary: readFileSync(summary, 'utf8'),
    hasReport: existsSync(report),
    reportOwner: statSync(report, { throwIfNoEntry: false })?.uid,
  }
}

/** This run's own settings are not the gate's. */
const clean = Object.keys(process.env).flatMap((name) =>
  /^(RACE_|VITEST|TEST$|NODE_OPTIONS)/.test(name) ? ['-u', name] : [],
)

describe('the gate', npa, () => {
  test('lets the fix pass', async () => {
    const { log, outputs, summary, hasReport } = await gate(fixed)
    expect(outputs['verdict'], log).toBe('pass')
    expect(log).toContain('::notice title=conntrack race::after-snapshot: pass')
    expect(summary).toMatch(/^## Conntrack race: PASS$/m)
    expect(hasReport).toBe(true)
  })

  test('fails the vulnerable release', async () => {
    const { log, outputs, summary, hasReport } = await gate(vulnerable)
    expect(outputs['verdict'], log).toBe('fail')
    expect(log).toContain('::error title=conntrack race::after-snapshot: fail')
    expect(summary).toMatch(/^\| after-snapshot \| fail \| 1 of 1 \| 50 of 50 \| .*lost live flows \|$/m)
    expect(hasReport).toBe(true)
  })

  test('says that a checkout does not compile', async () => {
    const broken = { file: 'pkg/utils/utils.go', from: 'package utils', to: 'package' }
    const { log, outputs, summary } = await gate(vulnerable, [broken])
    expect(outputs['verdict'], log).toBe('error')
    expect(log).toMatch(/^::error title=conntrack race::error: npa:.* does not compile: the agent: .*utils\.go/m)
    expect(summary).toMatch(/^## Conntrack race: ERROR$[^]*does not compile/m)
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
  [{ path: '.', windows: 'after-snapshot whenever' }, 'windows: there is no window whenever; the windows are'],
  [{ path: '.' }, `npa:${root.slice(0, -1)} is not a checkout of the agent`],
] as const)('the gate refuses %o', npa, async ([given, why]) => {
  const { log, outputs, summary } = await runSteps(given)
  expect(outputs['verdict'], log).toBe('error')
  expect(log).toContain(`::error title=conntrack race::error: ${why}`)
  expect(summary).toContain(why)
  expect(outputs['npm']).toMatch(/^npa-race-npm-\w+-\d+$/)
  expect(outputs['agents']).toMatch(/^npa-race-agents-\w+-\d[^ ]*-\w+$/)
})

const nobody = 65_534

/** A job whose user is not root, but may use sudo, as on a runner of GitHub. */
function jobOfNobody(folder: string): Job & { readonly home: string; readonly sudoCalls: () => string } {
  const [bin, home] = [join(folder, 'bin'), join(folder, 'home')]
  for (const path of [bin, home, join(home, '.cache')]) mkdirSync(path)
  const calls = join(bin, 'calls')
  writeFileSync(
    join(bin, 'sudo'),
    `#!/bin/sh\necho "$*" >>${calls}\nexec setpriv --reuid=0 --regid=0 --clear-groups "$@"\n`,
  )
  writeFileSync(calls, '')
  for (const path of [folder, bin, join(bin, 'sudo')]) chmodSync(path, 0o755)
  for (const path of [home, join(home, '.cache'), calls]) chownSync(path, nobody, nobody)
  // It may read, because a checkout of root's may be closed to others; on a runner, the checkout is its own.
  const capabilities = '+setuid,+setgid,+dac_read_search'
  const mayBecomeRoot = [`--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`]
  return {
    home,
    sudoCalls: () => readFileSync(calls, 'utf8'),
    uid: nobody,
    before: ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', ...mayBecomeRoot],
    settings: {
      HOME: home,
      XDG_CACHE_HOME: join(home, '.cache'),
      PATH: `${bin}:${process.env['PATH']}`,
      GITHUB_TOKEN: 'secret-of-the-job',
      RACE_CONNECTIONS_PER_WAVE: '4',
    },
  }
}

describe('a job whose user is not root', npa, () => {
  test('builds as this user, with a short environment', async () => {
    using folder = temporaryFolder('gate-user')
    const job = jobOfNobody(folder.path)
    const witness = join(job.home, 'witness')
    const to = `vmlinuxh:\n\t@(id -u; env) >${witness}; exit 1\n`
    using checkout = await checkoutOf('v1.4.1', [{ file: 'Makefile', from: 'vmlinuxh:\n', to }])
    chmodSync(checkout.folder, 0o755)
    const { outputs, log } = await runSteps({ path: checkout.folder }, job)
    expect(outputs['verdict'], log).toBe('error')
    const environment = readFileSync(witness, 'utf8')
    expect(environment).toMatch(/^65534$/m)
    expect(environment).not.toContain('secret')
    expect(environment).not.toMatch(/^(GITHUB|RACE)_/m)
    expect(job.sudoCalls()).toBe('')
  })

  test('runs only the lab as root, and gets the results', async () => {
    using folder = temporaryFolder('gate-user')
    const job = jobOfNobody(folder.path)
    using checkout = await checkoutOf('v1.4.1', [])
    chmodSync(checkout.folder, 0o755)
    // Built here, because this user has no modules, and no objects of earlier builds.
    const env = { XDG_CACHE_HOME: join(job.home, '.cache'), GOCACHE: (await run('go', ['env', 'GOCACHE'])).trim() }
    const build = [join(root, '.github/gate/build-agent.ts'), checkout.folder, folder.path, join(folder.path, 'why')]
    await run(process.execPath, build, { timeoutSeconds: 900, env })
    await run('chown', ['-R', String(nobody), job.home])
    const { outputs, log, reportOwner } = await runSteps({ path: checkout.folder }, job)
    expect(outputs['verdict'], log).toBe('fail')
    expect(reportOwner).toBe(nobody)
    const calls = job.sudoCalls().trim().split('\n')
    expect(calls).toEqual([
      expect.stringMatching(/^env -i HOME=\/root SUDO_UID=65534 .* vitest run specs\/race$/) as string,
      expect.stringMatching(/^chown -R 65534 /) as string,
    ])
    expect(calls[0]).toContain(' RACE_CONNECTIONS_PER_WAVE=4 ')
    expect(calls[0]).not.toContain('secret')
  })
})
