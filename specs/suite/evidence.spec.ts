/** What a run leaves is enough to judge it again elsewhere, and holds no secret. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test as base, describe, expect } from 'vitest'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { npaRace, runRace } from './cli.ts'

const test = base
  .extend('folder', ({}, { onCleanup }) => {
    const folder = temporaryFolder('evidence')
    onCleanup(() => folder[Symbol.dispose]())
    return folder.path
  })
  /** The results of a run, where they were made. */
  .extend('results', { scope: 'file' }, async ({}, { onCleanup }) => {
    const folder = temporaryFolder('evidence')
    onCleanup(() => folder[Symbol.dispose]())
    const { exitCode, output } = await runRace({ RACE_AGENT: 'reference:alternating' }, { folder: folder.path })
    expect(exitCode, output).toBe(1)
    return join(folder.path, 'latest')
  })
  /** A copy of them elsewhere, without its summary and its page. */
  .extend('bundle', ({ folder, results }) => {
    const elsewhere = join(folder, 'elsewhere')
    cpSync(results, elsewhere, { recursive: true, dereference: true })
    const read = (name: string): string => readFileSync(join(elsewhere, name), 'utf8')
    const was = { summary: read('summary.json'), page: read('report.html') }
    for (const name of ['summary.json', 'report.html']) rmSync(join(elsewhere, name))
    return { folder: elsewhere, was }
  })

describe('the evidence of a run', { tags: ['lab'] }, () => {
  test('gives the same summary, byte for byte, and the same page', async ({ bundle }) => {
    const judged = await npaRace(['judge', bundle.folder])
    expect(judged.exitCode).toBe(1)
    expect(judged.output.startsWith(bundle.was.summary)).toBe(true)
    expect((await npaRace(['report', bundle.folder])).exitCode).toBe(0)
    expect(readFileSync(join(bundle.folder, 'report.html'), 'utf8')).toBe(bundle.was.page)
  })

  test('that ends in the middle of a line is judged up to there, and the verdict says so', async ({ bundle }) => {
    const file = join(bundle.folder, 'history.jsonl')
    const text = readFileSync(file, 'utf8')
    const secondAttempt = text.indexOf('"type":"attempt.begin"', text.indexOf('"attempt":"subject'))
    truncateSync(file, secondAttempt + 10)
    const { exitCode, output } = await npaRace(['judge', bundle.folder])
    expect(exitCode, output).toBe(2)
    expect(output).toContain('the history has no end: the run was cut short')
    expect(output).toContain('"lostAttempts": 2') // Those of the control, which was complete.
    expect((await npaRace(['report', bundle.folder])).exitCode).toBe(0)
  })

  test('that is none is refused', async ({ folder }) => {
    writeFileSync(join(folder, 'history.jsonl'), '{"type":"nonsense"}\n')
    const { exitCode, output } = await npaRace(['judge', folder])
    expect(exitCode).toBe(3)
    expect(output).toContain('history line 1 is not an event')
  })
})

describe('npa-race replay', { tags: ['lab'] }, () => {
  test('does not start a command that only the history names', async ({ bundle, folder }) => {
    const file = join(bundle.folder, 'history.jsonl')
    const proof = join(folder, 'proof')
    const command = JSON.stringify({ command: ['touch', proof] })
    const text = readFileSync(file, 'utf8')
    const hostile = text
      .replace('"agent":"reference:alternating"', `"agent":${command}`)
      .replaceAll('"agent":"reference:alternating"', '"agent":"command:touch"')
    writeFileSync(file, hostile)
    const { exitCode, output } = await npaRace(['replay', bundle.folder, '--attempt', '1'], { RACE_ITERATIONS: '' })
    expect(exitCode, output).toBe(3)
    expect(output).toContain(`RACE_AGENT='${command}' npx npa-race replay`)
    expect(existsSync(proof)).toBe(false)
  })

  test('lists the existing attempts if there is no such attempt', async ({ bundle }) => {
    const { exitCode, output } = await npaRace(['replay', bundle.folder, '--attempt', '99'])
    expect(exitCode).toBe(3)
    expect(output).toContain(
      'the history has no attempt 99; the subject’s attempts are 1 to 2; name any other attempt in full: "control reference:alternating after-snapshot retention 1", "control reference:alternating after-snapshot no-reuse 1"',
    )
  })
})

test('writes no secret to a file', { tags: ['lab'] }, async ({ folder }) => {
  const planted = {
    variable: 'planted-in-the-environment',
    kubeconfig: 'planted-in-the-kubeconfig',
    argument: 'planted-in-an-argument',
  }
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, `users: [{ name: me, user: { token: ${planted.kubeconfig} } }]\n`)
  const words = `echo failed with ${planted.variable} and ${planted.kubeconfig} >&2; exit 7`
  const results = join(folder, 'results')
  const { exitCode, output } = await runRace(
    {
      AWS_SECRET_ACCESS_KEY: planted.variable,
      KUBECONFIG: kubeconfig,
      RACE_AGENT: JSON.stringify({ command: ['sh', '-c', words, `--token=${planted.argument}`] }),
    },
    { folder: results },
  )
  expect(exitCode, output).toBe(3)
  const files = readdirSync(join(results, 'latest'))
  expect(files).toEqual(expect.arrayContaining(['history.jsonl', 'summary.json', 'report.html', 'junit.xml']))
  for (const file of files) {
    const text = readFileSync(join(results, 'latest', file), 'utf8')
    for (const secret of Object.values(planted)) expect(text, file).not.toContain(secret)
  }
  expect(readFileSync(join(results, 'latest/history.jsonl'), 'utf8')).toContain('[redacted]')
})

test(
  'the reason of an invalid attempt stands in the JUnit file, and is an annotation on GitHub',
  { tags: ['lab'] },
  async () => {
    const { junit, output } = await runRace({
      RACE_AGENT: 'reference:alternating',
      RACE_WINDOW: 'after-reread',
      GITHUB_ACTIONS: 'true',
    })
    expect(junit).toContain('invalid: the agent has no re-read')
    expect(output).toMatch(/::warning [^\n]*::.*invalid: the agent has no re-read/)
  },
)

test('the history says what a long wait is for, and its deadline', { tags: ['lab'] }, async () => {
  const settings = {
    RACE_EXPIRY: 'natural',
    RACE_KERNEL_TIMEOUT: '1',
    RACE_ITERATIONS: '1',
    RACE_CONNECTIONS_PER_WAVE: '1',
  }
  const { history } = await runRace(settings)
  expect(history).toMatch(/"type":"awaiting",[^\n]*"what":"the kernel's timeout of the flows"/)
})
