/** The results of a run are enough to judge it again elsewhere, and contain no secret. */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, describe, expect } from 'vitest'
import { npaRace, runRace } from './cli.ts'

const test = base
  .extend('folder', ({}, { onCleanup }) => {
    const folder = mkdtempSync(join(tmpdir(), 'npa-race-evidence-'))
    onCleanup(() => rmSync(folder, { recursive: true }))
    return folder
  })
  /** A copy of a run's results in another folder, without its summary and page, which are in `was`. */
  .extend('bundle', async ({ folder }) => {
    const { exitCode, output } = await runRace({ RACE_AGENT: 'reference:alternating' }, { folder })
    expect(exitCode, output).toBe(1)
    const elsewhere = join(folder, 'elsewhere')
    cpSync(join(folder, 'latest'), elsewhere, { recursive: true, dereference: true })
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

  test('with an unreadable line is judged without that line, and cannot pass', async ({ folder }) => {
    await runRace({}, { folder })
    const file = join(folder, 'latest', 'history.jsonl')
    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, [...lines.slice(0, 9), '{"type":"phase","at":12', ...lines.slice(9)].join('\n'))
    const { exitCode, output } = await npaRace(['judge', join(folder, 'latest')])
    expect(exitCode, output).toBe(2)
    expect(output).toContain('1 line of the history cannot be read')
  })

  test('that is not a history is refused', async ({ folder }) => {
    writeFileSync(join(folder, 'history.jsonl'), '{"type":"nonsense"}\n')
    const { exitCode, output } = await npaRace(['judge', folder])
    expect(exitCode).toBe(3)
    expect(output).toContain('history line 1 is not an event')
  })
})

describe('npa-race replay', { tags: ['lab'] }, () => {
  test('repeats an attempt with the same agent, schedule and flows', async ({ folder }) => {
    const settings = {
      RACE_AGENT: 'reference:consecutive-miss',
      RACE_IDLE_PASSES: '1',
      RACE_FLOW: 'udp-request',
      RACE_CONNECTIONS_PER_WAVE: '3',
    }
    await runRace(settings, { folder })
    const again = await npaRace(['replay', join(folder, 'latest'), '--attempt', '2'], { RACE_ITERATIONS: '' })
    expect(again.exitCode, again.output).toBe(1)
    expect(again.summary?.cohorts[1]).toMatchObject({
      agent: 'reference:consecutive-miss',
      flow: 'udp-request',
      idlePasses: 1,
      attempts: 1,
      lost: 3,
    })
  })

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

describe('the reason of an invalid attempt', { tags: ['lab'] }, () => {
  const invalid = { RACE_AGENT: 'reference:alternating', RACE_WINDOW: 'after-reread' }

  test('is in the JUnit file', async () => {
    const { junit } = await runRace(invalid)
    expect(junit).toContain('invalid: the agent has no re-read')
  })

  test('is an annotation on GitHub', async () => {
    const { output } = await runRace({ ...invalid, GITHUB_ACTIONS: 'true' })
    expect(output).toMatch(/::warning [^\n]*::.*invalid: the agent has no re-read/)
  })
})

test('the history says what a long wait is for, and its deadline', { tags: ['lab'] }, async () => {
  const settings = {
    RACE_EXPIRY: 'natural',
    RACE_KERNEL_TIMEOUT: '1',
    RACE_ITERATIONS: '1',
    RACE_CONNECTIONS_PER_WAVE: '1',
  }
  const { history } = await runRace(settings)
  expect(history).toMatch(/"type":"awaiting",[^\n]*"what":"the kernel to time the flows out"/)
})
