import { probeImageOfRun } from './own-cluster-defaults.ts'
import { describe, expect, test } from 'vitest'
import { parseConfig } from './parse-config.ts'

const fromFile = (text: string, env: Record<string, string> = {}) =>
  parseConfig({ file: { name: 'race.config.yaml', text }, env })
const problemsOf = (parsed: ReturnType<typeof parseConfig>) =>
  parsed.ok ? [] : parsed.problems.map(({ where, message }) => `${where}  ${message}`)

test('an empty configuration has the defaults of the original reproducer, and ours', () => {
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

describe('precedence and conversion of values', () => {
  test('the environment overrides the file, and the file the defaults; an empty variable counts as not set', () => {
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

  test('on a kind cluster of the run, node changes are allowed and the cleanup period is short', () => {
    const ours = parseConfig({ env: { RACE_TARGET: 'kind' } })
    expect(ours.ok && ours.config).toMatchObject({
      agent: { kind: 'npa', source: 'v1.4.3' },
      cleanup_period: 4,
      allow_node_changes: true,
      probe_image: probeImageOfRun,
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

  test('the old name of a field still works', () => {
    const earlier = fromFile('kind_cluster: mine\n', { RACE_TARGET: 'kind', RACE_KIND_IMAGE: 'node:1' })
    const present = fromFile('cluster: mine\n', { RACE_TARGET: 'kind', RACE_NODE_IMAGE: 'node:1' })
    expect(earlier).toEqual(present)
    expect(earlier.ok && earlier.config).toMatchObject({ cluster: 'mine', node_image: 'node:1' })
  })

  test('the text of a variable is converted to the type of its field', () => {
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

  test('variables of other programs are ignored', () => {
    expect(parseConfig({ env: { RACE_CONFIG: 'x.yaml', RACE_RUN_ID: 'y', TRACE_LEVEL: 'z' } }).ok).toBe(true)
  })

  test('an empty file is valid', () => {
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

  test('a mistyped reference agent gets the nearest one as a suggestion', () => {
    expect(problemsOf(fromFile('agent: reference:last-sen\n'))).toEqual([
      expect.stringMatching(
        /^race\.config\.yaml:1:8 {2}agent: "reference:last-sen" .*did you mean reference:last-seen\?/,
      ),
    ])
  })
})
