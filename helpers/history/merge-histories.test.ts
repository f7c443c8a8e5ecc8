import { describe, expect, test } from 'vitest'
import { exampleAttempt, exampleCohort, exampleRun } from '../judge/example-attempt.ts'
import { judgeRun } from '../judge/judge-run.ts'
import { ns } from '../units.ts'
import type { AgentIdentity, HistoryEvent } from './event.ts'
import { mergeHistories, UnlikeRuns, type NamedHistory } from './merge-histories.ts'

interface Changes {
  readonly run?: Partial<typeof exampleRun>
  readonly cohort?: Parameters<typeof exampleCohort>[0]
  readonly lost?: boolean
  readonly ended?: boolean
  readonly agents?: readonly AgentIdentity[]
  readonly unreadableLines?: number
}

const end: HistoryEvent = { type: 'run.end', at: ns(9e12), reason: 'passed', failedTests: [], durationMs: 1000 }

const named = (
  name: string,
  { run, cohort, lost = true, ended = true, agents = [], unreadableLines = 0 }: Changes = {},
): NamedHistory => ({
  name,
  history: {
    cutShort: false,
    unreadableLines,
    events: [
      { ...exampleRun, runId: name, ...run },
      exampleCohort(cohort),
      ...agents.map((identity) => ({ type: 'agent', at: ns(0), cohort: 'subject', ...identity }) as const),
      ...exampleAttempt({ lost }),
      ...(ended ? [end] : []),
    ],
  },
})

const built = (content: string): AgentIdentity => ({
  mapLayout: '24/16',
  build: { version: 'v1-3-g12', commit: '12', dirty: true, content, go: 'go1', clang: '14', goReplace: [] },
})
const command = (sha256: string): AgentIdentity => ({ mapLayout: '24/16', files: [{ file: './agent', sha256 }] })

const merged = (...runs: NamedHistory[]) => judgeRun(mergeHistories(runs, 'all'))

describe('runs with the same conditions', () => {
  test('are joined into one run with all their attempts', () => {
    const { verdict, durationMs, cohorts } = merged(named('a'), named('b'), named('c'))
    expect(verdict).toBe('pass')
    expect(durationMs).toBe(3000)
    expect(cohorts).toMatchObject([{ attempts: 3, valid: 3, lostAttempts: 3, exposures: 3 }])
  })

  test('are contrary if one of them is', () => {
    const { verdict, cohorts } = merged(named('a'), named('b', { lost: false }))
    expect(verdict).toBe('fail')
    expect(cohorts[0]?.because).toEqual(['1 of 2 attempts lost nothing'])
  })

  test('have no end if one of them has none', () => {
    expect(merged(named('a'), named('b', { ended: false })).because).toContain(
      'the history has no end: the run was cut short',
    )
  })
})

describe('runs with different conditions are refused, and the error names the difference', () => {
  const kernel = { ...exampleRun.environment, kernel: '5.10.0' }
  test.for([
    [
      'another kernel',
      { run: { environment: kernel } },
      'environment differs: kernel "6.18.44" in a and "5.10.0" in b',
    ],
    [
      'another agent',
      { cohort: { agent: 'reference:immediate' } },
      'cohort "subject" differs: agent "reference:alternating" in a',
    ],
    [
      'another window and flow',
      { cohort: { window: 'after-reread', flow: 'udp-request' } },
      'window "after-snapshot" in a and "after-reread" in b; flow "tcp-server-first" in a and "udp-request" in b',
    ],
    ['a cohort that the first has not', { cohort: { cohort: 'another' } }, 'a has cohort "subject", and b does not: '],
    [
      'another command',
      { run: { config: { agent: { command: ['other'] } } } },
      'the configured agent differs: agent nothing in a and {"command":["other"]} in b',
    ],
    ['the same run', { run: { runId: 'a' } }, 'a run was given twice'],
    [
      'a sequential test',
      { cohort: { sequential: { p0: 0.01, p1: 0.1, alpha: 0.05, beta: 0.05 } } },
      'was stopped by a sequential test',
    ],
  ] as const)('%s', ([, changes, why]) => {
    const merge = () => merged(named('a'), named('b', changes))
    expect(merge).toThrow(UnlikeRuns)
    expect(merge).toThrow(why)
  })

  test('a run and a history that already contains it are refused', () => {
    const joined = { name: 'ab', history: mergeHistories([named('a'), named('b')], 'ab') }
    const again = { name: 'abc', history: mergeHistories([joined, named('c')], 'abc') }
    for (const one of [joined, again]) expect(() => merged(one, named('b'))).toThrow('an attempt is there twice: b ')
    expect(merged(again, named('d')).cohorts).toMatchObject([{ attempts: 4 }])
  })

  test.for([
    ['two dirty checkouts at one commit', built, 'build content "a" in a and "b" in b'],
    ['two binaries under one command', command, 'files ./agent "a" in a and "b" in b'],
  ] as const)('%s', ([, agent, why]) => {
    expect(merged(named('a', { agents: [agent('a')] }), named('b', { agents: [agent('a')] })).verdict).toBe('pass')
    const merge = () => merged(named('a', { agents: [agent('a')] }), named('b', { agents: [agent('b')] }))
    expect(merge).toThrow(UnlikeRuns)
    expect(merge).toThrow(`the agent of cohort "subject" differs: ${why}`)
  })

  test('an agent that changed within any of the runs makes the joined runs inconclusive', () => {
    const changed = named('b', { agents: [command('b'), command('a')] })
    const { verdict, because } = merged(named('a', { agents: [command('a')] }), changed)
    expect(verdict).toBe('inconclusive')
    expect(because.join()).toContain('./agent changed during the run')
  })

  test.for([
    ['retention_passes', 3],
    ['hold_limit', 20],
    ['server_port', 9090],
    ['parallel', 2],
    ['node_image', 'node:2'],
  ] as const)('the field %s of the configuration', ([field, value]) => {
    const config = { retention_passes: 2, hold_limit: 10, server_port: 8080, parallel: 1, node_image: 'node:1' }
    const merge = () =>
      merged(named('a', { run: { config } }), named('b', { run: { config: { ...config, [field]: value } } }))
    expect(merge).toThrow(UnlikeRuns)
    expect(merge).toThrow(`the configuration differs: ${field} `)
  })

  test('results folder, verbosity, number of attempts and seed may differ', () => {
    const plain = (value: unknown) => ({ results_dir: value, verbose: value, iterations: value, seed: value })
    const config = (value: unknown) => ({ ...plain(value), cluster: 'c' })
    const earlierName = { ...plain(2), kind_cluster: 'c' }
    expect(merged(named('a', { run: { config: config(1) } }), named('b', { run: { config: config(2) } })).verdict).toBe(
      'pass',
    )
    expect(
      merged(named('a', { run: { config: config(1) } }), named('b', { run: { config: earlierName } })).verdict,
    ).toBe('pass')
  })

  test('unreadable lines make the joined runs inconclusive', () => {
    expect(merged(named('a', { unreadableLines: 1 }), named('b', { unreadableLines: 2 }))).toMatchObject({
      verdict: 'inconclusive',
      because: ['3 lines of the history cannot be read'],
    })
  })

  test('cohorts may differ in their number of attempts', () => {
    expect(merged(named('a'), named('b', { cohort: { iterations: 5 } })).cohorts[0]?.because).toEqual([
      'only 2 valid attempts; 6 were planned',
    ])
  })
})
