import { probeImageOnKind } from './on-kind.ts'
import { describe, expect, test } from 'vitest'
import { formatProblems, parseConfig } from './parse-config.ts'

const fromFile = (text: string, env: Record<string, string> = {}) =>
  parseConfig({ file: { name: 'race.config.yaml', text }, env })
const problemsOf = (parsed: ReturnType<typeof parseConfig>) =>
  parsed.ok ? [] : parsed.problems.map(({ where, message }) => `${where}  ${message}`)

test("without anything: the seed's defaults, and ours", () => {
  const parsed = parseConfig({ env: {} })
  expect(parsed.ok && parsed.config).toEqual({
    namespace: 'conntrack-test',
    client_pod: 'test-client',
    server_pod: 'test-server',
    server_port: 8080,
    npa_namespace: 'kube-system',
    npa_pod_label: 'app=aws-node',
    kernel_timeout: 30,
    cleanup_period: 60,
    iterations: 10,
    connections_per_wave: 50,
    target: 'lab',
    window: 'after-snapshot',
    expect: 'survives',
    allow_node_changes: false,
    flow: 'tcp-server-first',
    ip: 4,
    expiry: 'forced',
    passes: 'demand',
    map_layout: '24/16',
    idle_passes: 0,
    go_replace: [],
    mode: 'fixed',
    sprt_p0: 0.001,
    sprt_p1: 0.1,
    sprt_alpha: 0.05,
    sprt_beta: 0.05,
    image: 'node:24-bookworm-slim',
    keep: false,
    parallel: 1,
    probe_image: 'node:24-bookworm-slim',
    hold_limit: 10,
    results_dir: 'results',
    verbose: false,
  })
})

describe('where a value comes from', () => {
  test('environment beats file beats default; an empty variable is none', () => {
    const parsed = fromFile('iterations: 5\nip: 6\nserver_port: 81\n', { RACE_ITERATIONS: '7', RACE_SERVER_PORT: '' })
    expect(
      parsed.ok && [
        parsed.config.iterations,
        parsed.config.ip,
        parsed.config.server_port,
        parsed.config.cleanup_period,
      ],
    ).toEqual([7, 6, 81, 60])
  })

  test('on kind, where cluster and agent are ours, more is allowed and passes come sooner', () => {
    const ours = parseConfig({ env: { RACE_TARGET: 'kind' } })
    expect(ours.ok && ours.config).toMatchObject({
      agent: { kind: 'npa', source: 'v1.4.3' },
      cleanup_period: 4,
      allow_node_changes: true,
      probe_image: probeImageOnKind,
    })
    const users = {
      RACE_TARGET: 'kind',
      RACE_KIND_CLUSTER: 'mine',
      RACE_CLEANUP_PERIOD: '60',
      RACE_AGENT: 'npa:v1.4.1',
    }
    const theirs = parseConfig({ env: users })
    expect(theirs.ok && theirs.config).toMatchObject({
      agent: { kind: 'npa', source: 'v1.4.1' },
      cleanup_period: 60,
      allow_node_changes: false,
    })
  })

  test('a variable is text, a number or a list, as its field wants it', () => {
    const parsed = parseConfig({
      env: {
        RACE_NAMESPACE: '123',
        RACE_IP: '6',
        RACE_VERBOSE: 'true',
        RACE_AGENT: '{ command: [./agent, --fast] }',
        RACE_GO_REPLACE: 'example.com/a=v1.0.0,example.com/b=v2.0.0',
      },
    })
    expect(parsed.ok && parsed.config).toMatchObject({
      namespace: '123',
      ip: 6,
      verbose: true,
      agent: { kind: 'command', command: ['./agent', '--fast'] },
      go_replace: ['example.com/a=v1.0.0', 'example.com/b=v2.0.0'],
    })
  })

  test('other programs may have variables of their own', () => {
    expect(parseConfig({ env: { RACE_CONFIG: 'x.yaml', RACE_RUN_ID: 'y', TRACE_LEVEL: 'z' } }).ok).toBe(true)
  })

  test('an empty file is fine', () => {
    expect(fromFile('# nothing\n').ok).toBe(true)
  })
})

describe('agents', () => {
  test.for([
    ['reference:last-seen', { kind: 'reference', algorithm: 'last-seen' }],
    ['npa:v1.4.1', { kind: 'npa', source: 'v1.4.1' }],
    ['npa:/a/check:out', { kind: 'npa', source: '/a/check:out' }],
  ] as const)('%s', ([text, agent]) => {
    const parsed = parseConfig({ env: { RACE_AGENT: text } })
    expect(parsed.ok && parsed.config.agent).toEqual(agent)
  })

  test('a command always runs on its own timer', () => {
    const parsed = fromFile('agent: { command: [./agent] }\npasses: demand\n')
    expect(parsed.ok && parsed.config.passes).toBe('own')
  })

  test('a mistyped reference agent is answered with the nearest', () => {
    expect(problemsOf(fromFile('agent: reference:last-sen\n'))).toEqual([
      expect.stringMatching(
        /^race\.config\.yaml:1:8 {2}agent: "reference:last-sen" .*did you mean reference:last-seen\?/,
      ),
    ])
  })
})

describe('problems', () => {
  test('name the field, its place, its value and what is allowed; all of them', () => {
    const text = 'iterations: ten\nwindow: before\n\nserver_port:\n  70000\nallow_node_changes: maybe\n'
    expect(problemsOf(fromFile(text, { RACE_IP: '5' })).toSorted()).toEqual([
      'RACE_IP  ip: 5 must be 4 or 6',
      'race.config.yaml:1:13  iterations: "ten" must be a whole number from 1 to 10000',
      'race.config.yaml:2:9  window: "before" must be after-snapshot, after-reread or before-delete',
      'race.config.yaml:5:3  server_port: 70000 must be a whole number from 1 to 65535',
      'race.config.yaml:6:21  allow_node_changes: "maybe" must be true or false',
    ])
  })

  test('unknown fields and variables are answered with the nearest known', () => {
    expect(problemsOf(fromFile('iteratons: 5\n', { RACE_CLENUP_PERIOD: '5' }))).toEqual([
      'race.config.yaml:1:1  iteratons is no field; did you mean iterations?',
      'RACE_CLENUP_PERIOD  RACE_CLENUP_PERIOD is no field; did you mean RACE_CLEANUP_PERIOD?',
    ])
  })

  test('the lab holds the agent: it cannot be told not to', () => {
    expect(problemsOf(fromFile('trigger: predicted\n'))).toEqual([
      expect.stringMatching(/^race\.config\.yaml:1:10 {2}trigger: "predicted" must be exact in the lab/),
    ])
    expect(problemsOf(fromFile('target: kubeconfig\n', { RACE_TRIGGER: 'predicted' }))).toEqual([])
  })

  test('attempts are made side by side in a cluster only, and where none depends on another', () => {
    expect(problemsOf(fromFile('parallel: 2\n'))).toEqual([
      expect.stringMatching(/^race\.config\.yaml:1:11 {2}parallel: 2 is for clusters/),
    ])
    expect(problemsOf(fromFile('parallel: 2\ntarget: kubeconfig\n'))).toEqual([])
    expect(problemsOf(fromFile('parallel: 2\ntarget: kubeconfig\nmode: sprt\n'))).toEqual([
      expect.stringContaining('must be 1 with mode sprt'),
    ])
  })

  test('YAML that cannot be read has a place too', () => {
    expect(problemsOf(fromFile('iterations: [5\n'))[0]).toMatch(/^race\.config\.yaml:\d+:\d+ {2}no valid YAML/)
    expect(problemsOf(fromFile('iterations: 1\niterations: 2\n'))[0]).toMatch(
      /^race\.config\.yaml:2:1 {2}no valid YAML/,
    )
    expect(problemsOf(fromFile('- iterations\n'))).toEqual([
      'race.config.yaml:1:1  must be a mapping of fields to values',
    ])
  })

  test('are printed a line each', () => {
    expect(formatProblems([{ where: 'a:1:2', message: 'b' }])).toBe(
      'the configuration is not valid; nothing was touched\n  a:1:2  b',
    )
  })
})
