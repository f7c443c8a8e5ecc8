import { describe, expect, test } from 'vitest'
import { formatProblems, parseConfig } from './parse-config.ts'

const fromFile = (text: string, env: Record<string, string> = {}) =>
  parseConfig({ file: { name: 'race.config.yaml', text }, env })
const problemsOf = (parsed: ReturnType<typeof parseConfig>) =>
  parsed.ok ? [] : parsed.problems.map(({ where, message }) => `${where}  ${message}`)

describe('problems', () => {
  test('each problem names the field, its place, its value and what is allowed', () => {
    const text = 'iterations: ten\nwindow: before\n\nserver_port:\n  70000\nallow_node_changes: maybe\n'
    expect(problemsOf(fromFile(text, { RACE_IP: '5' })).toSorted()).toEqual([
      'RACE_IP  ip: 5 must be 4 or 6',
      'race.config.yaml:1:13  iterations: "ten" must be a whole number from 1 to 10000',
      'race.config.yaml:2:9  window: "before" must be after-snapshot, after-reread or before-delete',
      'race.config.yaml:5:3  server_port: 70000 must be a whole number from 1 to 65535',
      'race.config.yaml:6:21  allow_node_changes: "maybe" must be true or false',
    ])
  })

  test.for([
    ['iterations: *ten\n', '1:13  *ten has no anchor: define &ten before it'],
    ['go_replace: &all [*all]\n', '1:19  *all is inside its own anchor &all'],
    ['iterations: .nan\n', '1:13  iterations: .nan must be a whole number from 1 to 10000'],
    ['sprt_p0: -.inf\n', '1:10  sprt_p0: -.inf must be between 0 and 1'],
  ] as const)('%j', ([text, problem]) => {
    expect(problemsOf(fromFile(text))).toEqual([`race.config.yaml:${problem}`])
  })

  test.for([
    ['sprt_alpha: 0.95\nsprt_beta: 0.95\n', '2:12  sprt_beta: 0.95 and sprt_alpha: 0.95 must add up to less than 1'],
    ['sprt_alpha: 0.95\n', '1:13  sprt_alpha: 0.95 and sprt_beta: 0.05 must add up to less than 1'],
  ] as const)('%j is refused: the test would pass before the first attempt', ([text, problem]) => {
    expect(problemsOf(fromFile(text))).toEqual([expect.stringContaining(`race.config.yaml:${problem}`)])
  })

  test.for(['../../x', 'Run', '-x', 'a'.repeat(41)])('RACE_RUN_ID=%s is refused', (id) => {
    expect(problemsOf(parseConfig({ env: { RACE_RUN_ID: id } }))).toEqual([
      expect.stringContaining(`RACE_RUN_ID  "${id}" must be up to 40 lower-case letters`),
    ])
  })

  test('KUBECTL_TIMEOUT is a number of seconds', () => {
    expect(parseConfig({ env: { KUBECTL_TIMEOUT: '60s' } }).ok).toBe(true)
    expect(problemsOf(parseConfig({ env: { KUBECTL_TIMEOUT: 'soon' } }))).toEqual([
      'KUBECTL_TIMEOUT  "soon" must be a number of seconds, e.g. 60',
    ])
  })

  test('an unknown field or variable gets the nearest known one as a suggestion', () => {
    expect(problemsOf(fromFile('iteratons: 5\n', { RACE_CLENUP_PERIOD: '5' }))).toEqual([
      'race.config.yaml:1:1  iteratons is not a field; did you mean iterations?',
      'RACE_CLENUP_PERIOD  RACE_CLENUP_PERIOD is not a field; did you mean RACE_CLEANUP_PERIOD?',
    ])
  })

  test('the lab refuses any trigger but exact, because it holds the agent', () => {
    expect(problemsOf(fromFile('trigger: predicted\n'))).toEqual([
      expect.stringMatching(/^race\.config\.yaml:1:10 {2}trigger: "predicted" must be exact in the lab/),
    ])
    expect(problemsOf(fromFile('target: kubeconfig\n', { RACE_TRIGGER: 'predicted' }))).toEqual([])
  })

  test.for(['observed', 'predicted'])('before-delete cannot be judged with trigger %s', (trigger) => {
    const text = `target: kubeconfig\nwindow: before-delete\n`
    expect(problemsOf(fromFile(`${text}trigger: ${trigger}\n`))).toEqual([
      expect.stringMatching(/^race\.config\.yaml:2:9 {2}window: "before-delete" needs trigger exact/),
    ])
    expect(problemsOf(fromFile(`${text}trigger: exact\n`))).toEqual([])
    expect(problemsOf(fromFile(text))).toEqual([])
  })

  test('attempts run in parallel only in a cluster, and only if none depends on another', () => {
    expect(problemsOf(fromFile('parallel: 2\n'))).toEqual([
      expect.stringMatching(/^race\.config\.yaml:1:11 {2}parallel: 2 must be 1 in the lab/),
    ])
    expect(problemsOf(fromFile('parallel: 2\ntarget: kubeconfig\n'))).toEqual([])
    expect(problemsOf(fromFile('parallel: 2\ntarget: kubeconfig\nmode: sprt\n'))).toEqual([
      expect.stringContaining('must be 1 with mode sprt'),
    ])
  })

  test('a cluster refuses a schedule or a flow that only the lab can run', () => {
    const schedule = 'schedule: open hydrate restart reply\n'
    expect(problemsOf(fromFile(schedule))).toEqual([])
    expect(problemsOf(fromFile(`${schedule}target: kind\n`))).toEqual([
      expect.stringContaining('cannot be enforced: step 3 (restart): the agent of a cluster cannot be restarted'),
    ])
    expect(problemsOf(fromFile('flow: tcp-request\n'))).toEqual([])
    expect(problemsOf(fromFile('flow: tcp-request\ntarget: kubeconfig\n'))).toEqual([
      expect.stringContaining('flow: "tcp-request" is for the lab'),
    ])
  })

  test('invalid YAML is reported with its place', () => {
    expect(problemsOf(fromFile('iterations: [5\n'))[0]).toMatch(
      /^race\.config\.yaml:\d+:\d+ {2}the file is not valid YAML/,
    )
    expect(problemsOf(fromFile('iterations: 1\niterations: 2\n'))[0]).toMatch(
      /^race\.config\.yaml:2:1 {2}the file is not valid YAML/,
    )
    expect(problemsOf(fromFile('- iterations\n'))).toEqual([
      'race.config.yaml:1:1  must be a mapping of fields to values',
    ])
  })

  test('problems are printed one per line', () => {
    expect(formatProblems([{ where: 'a:1:2', message: 'b' }])).toBe(
      'the configuration is not valid; nothing was changed\n  a:1:2  b',
    )
  })

  test('a file that is not YAML: each problem once, at most ten, and no endless line', () => {
    const long = formatProblems([{ where: 'a', message: 'x'.repeat(5000) }])
    expect(long).toMatch(/ a {2}x{1000} …$/)
    const lines = formatProblems([1, 1, ...Array(12).keys()].map((number) => ({ where: 'a', message: `b${number}` })))
    expect(lines.split('\n')).toHaveLength(12)
    expect(lines).toMatch(/ a {2}b1\n {2}a {2}b0\n/)
    expect(lines).toMatch(/ {2}and 2 more problems$/)
  })
})
