/** The exit codes and verdicts of the real command line, on which a gate relies. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openJournal } from '../../fixtures/targets/undoers.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { npaRace, runRace, type CliResult } from './cli.ts'

const reference = (algorithm: string) => ({ RACE_AGENT: `reference:${algorithm}` })

const shown = ({ exitCode, summary }: CliResult) => ({
  exitCode,
  inSummary: summary?.exitCode,
  cohorts: summary?.cohorts.map(({ role, verdict }) => `${role} ${verdict}`),
})
const verdict = (exitCode: number, subject: string) => ({
  exitCode,
  inSummary: exitCode,
  cohorts: ['control as-expected', `subject ${subject}`],
})

describe('a gate (expecting survives)', { tags: ['lab'] }, () => {
  test.for([
    { agent: 'last-seen', settings: {}, exitCode: 0, subject: 'as-expected' },
    { agent: 'alternating', settings: {}, exitCode: 1, subject: 'contrary' },
    { agent: 'consecutive-miss', settings: { RACE_IDLE_PASSES: '1' }, exitCode: 1, subject: 'contrary' },
    { agent: 'timestamp-guard-corrected', settings: {}, exitCode: 1, subject: 'contrary' },
    { agent: 'last-seen', settings: { RACE_WINDOW: 'after-reread' }, exitCode: 1, subject: 'contrary' },
    { agent: 'last-seen', settings: { RACE_WINDOW: 'before-delete' }, exitCode: 1, subject: 'contrary' },
    { agent: 'deletes-live', settings: {}, exitCode: 1, subject: 'contrary' },
  ])('$agent $settings: exit $exitCode', async ({ agent, settings, exitCode, subject }) => {
    const result = await runRace({ ...reference(agent), ...settings })
    expect(shown(result), result.output).toEqual(verdict(exitCode, subject))
  })

  test('an agent that never deletes is caught by what it keeps: exit 1', async () => {
    const result = await runRace(reference('never-deletes'))
    expect(shown(result), result.output).toEqual(verdict(1, 'contrary'))
    expect(result.summary?.cohorts[1]?.overRetention).toEqual({ passes: 2, stale: 5, kept: 5 })
    expect(result.output).toContain('over-retention: 5 of 5 stale entries')
  })

  test('an agent without a re-read says so: exit 2', async () => {
    const result = await runRace({ ...reference('alternating'), RACE_WINDOW: 'after-reread' })
    expect(shown(result), result.output).toEqual(verdict(2, 'inconclusive'))
    expect(result.output).toContain('the agent has no re-read')
  })
})

describe('a reproducer (expecting lost)', { tags: ['lab'] }, () => {
  test('the race is reproduced: exit 0', async () => {
    const { exitCode, output } = await runRace({ ...reference('alternating'), RACE_EXPECT: 'lost' })
    expect(exitCode, output).toBe(0)
    expect(output).toContain('RACE REPRODUCED')
  })

  test('the race is not reproduced: exit 1', async () => {
    const { exitCode, output } = await runRace({ ...reference('last-seen'), RACE_EXPECT: 'lost' })
    expect(exitCode, output).toBe(1)
  })
})

describe('a run that proves nothing', { tags: ['lab'] }, () => {
  test('a filter that matches no test: exit 2', async () => {
    const { exitCode, output } = await runRace({}, { args: ['specs/race', '-t', 'no such test'] })
    expect(exitCode, output).toBe(2)
    expect(output).toContain('no test was run')
  })

  test('a tag filter that matches no test: exit 2', async () => {
    const { exitCode, output } = await runRace({}, { args: ['specs/race', '--tags-filter=kind'] })
    expect(exitCode, output).toBe(2)
  })

  test('a filter that leaves the control out: exit 2', { tags: ['short'] }, async () => {
    const { exitCode, output } = await runRace({}, { args: ['specs/race', '-t', 'subject'] })
    expect(exitCode, output).toBe(2)
    expect(output).toContain('no positive control was run')
    expect(output).toMatch(/^ run again: RACE_ITERATIONS=2 .*npx vitest run specs\/race -t subject$/m)
  })
})

test('an agent that dies at once: exit 3, with its last words', { tags: ['lab'] }, async () => {
  const { exitCode, output, summary } = await runRace({
    RACE_AGENT: "{ command: [sh, -c, 'echo out of luck >&2; exit 7'] }",
  })
  expect(exitCode, output).toBe(3)
  expect(summary?.because.join()).toContain('out of luck')
})

test('a summary that cannot be written: exit 3, with the reason', { tags: ['lab'] }, async () => {
  using folder = temporaryFolder('unwritable')
  const results = join(folder.path, 'one')
  mkdirSync(join(results, 'summary.json'), { recursive: true })
  const { exitCode, output } = await runRace({ RACE_RUN_ID: 'one' }, { folder: folder.path })
  expect(exitCode, output).toBe(3)
  expect(output).toContain(
    `ERROR  the results cannot be written to ${results}: cannot write ${results}/summary.json: it is a folder`,
  )
})

describe('an error before anything is changed: exit 3', () => {
  test(
    'a field of the wrong type, with file, line, column, value and what is allowed',
    { tags: ['short'] },
    async () => {
      using folder = temporaryFolder('wrong')
      const file = join(folder.path, 'wrong.yaml')
      writeFileSync(file, 'server_port: 8080\niterations: ten\n')
      const { exitCode, output, history } = await runRace({ RACE_CONFIG: file, RACE_ITERATIONS: '' })
      expect(exitCode, output).toBe(3)
      expect(output).toMatch(/wrong\.yaml:2:13 {2}iterations: "ten" must be a whole number from 1 to 10000/)
      expect(history).toBeUndefined()
    },
  )

  test('a directory as the configuration', async () => {
    using folder = temporaryFolder('wrong')
    const { exitCode, output, history } = await runRace({ RACE_CONFIG: folder.path })
    expect(exitCode, output).toBe(3)
    expect(output).toContain(`the configuration ${folder.path} is a directory: it must be a YAML file`)
    expect(history).toBeUndefined()
  })

  test.for([
    ['iterations: *ten\n', '1:13  *ten has no anchor'],
    ['iterations: .nan\n', '1:13  iterations: .nan must be a whole number'],
  ] as const)('a configuration of %j', async ([text, problem]) => {
    using folder = temporaryFolder('wrong')
    const file = join(folder.path, 'wrong.yaml')
    writeFileSync(file, text)
    const { exitCode, output, history } = await runRace({ RACE_CONFIG: file, RACE_ITERATIONS: '' })
    expect(exitCode, output).toBe(3)
    expect(output).toContain(`wrong.yaml:${problem}`)
    expect(history).toBeUndefined()
  })

  test('a run id that is a path', async () => {
    const { exitCode, output, history } = await runRace({ RACE_RUN_ID: '../../x' })
    expect(exitCode, output).toBe(3)
    expect(output).toContain('RACE_RUN_ID  "../../x" must be up to 40 lower-case letters, digits and hyphens')
    expect(history).toBeUndefined()
  })

  test('results/latest is a folder', async () => {
    using folder = temporaryFolder('latest')
    mkdirSync(join(folder.path, 'latest'))
    const { exitCode, output } = await runRace({}, { folder: folder.path })
    expect(exitCode, output).toBe(3)
    expect(output).toContain(`${join(folder.path, 'latest')} is not a link`)
    expect(readdirSync(folder.path)).toEqual(['latest'])
  })

  test.for(['/etc/hostname/results', '/proc/results', '/sys/kernel/results'])(
    'a results folder that cannot be made: %s',
    async (path) => {
      const { exitCode, output } = await runRace({ RACE_RESULTS_DIR: path })
      expect(exitCode, output).toBe(3)
      expect(`\n${output}`).toContain(`\nresults_dir: "${path}": a folder cannot be created there; name another folder`)
    },
  )

  test('a kubeconfig that does not exist; no journal is left', async () => {
    const runId = `spec-${process.pid}`
    const settings = { RACE_TARGET: 'kubeconfig', KUBECONFIG: '/nowhere/kubeconfig', RACE_RUN_ID: runId }
    const { exitCode, output } = await runRace(settings)
    expect(exitCode, output).toBe(3)
    expect(output).toContain('there is no kubeconfig /nowhere/kubeconfig')
    expect(existsSync(openJournal(runId).path)).toBe(false)
  })

  test.for([['nonsense'], ['replay', 'results/latest'], ['run', '--iteration', '3']])('npa-race %j', async (args) => {
    const { exitCode, output } = await npaRace(args)
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/^error: /m)
  })

  const everyChoice =
    /^the lab .* needs root\. The choices are:\n +sudo env PATH=.*\n +RACE_LAB=container .* Docker.*\n +RACE_TARGET=kubeconfig /m

  // A user who is not root may or may not be allowed to write here. In a user namespace without a mapping, files can be written as before; the
  // user `nobody` can only read them.
  const reading = '+dac_read_search'
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups']
  test.for([
    { who: 'a user without a mapping in its user namespace', home: '', before: ['unshare', '--user'] },
    {
      who: 'the user nobody',
      home: '/nowhere',
      before: ['setpriv', `--inh-caps=${reading}`, `--ambient-caps=${reading}`].concat(nobody),
    },
  ])('not root, but $who', { tags: ['lab'] }, async ({ before, home }) => {
    const { exitCode, output } = await runRace(home === '' ? {} : { HOME: home }, { before })
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(everyChoice)
  })

  test('not root, and RACE_LAB=here: the output lists the choices', { tags: ['lab'] }, async () => {
    const { exitCode, output } = await runRace({ RACE_LAB: 'here' }, { before: ['unshare', '--user'] })
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(everyChoice)
  })
})
