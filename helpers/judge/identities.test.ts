import { expect, test } from 'vitest'
import type { AgentIdentity, HistoryEvent } from '../history/event.ts'
import { exampleAttempt, exampleCohort, exampleRun } from './example-attempt.ts'
import { joinIdentities } from './identities.ts'
import { judgeRun } from './judge-run.ts'
import { ns } from '../units.ts'

const on = (node: string, changes: Partial<NonNullable<AgentIdentity['running']>> = {}): AgentIdentity => ({
  mapLayout: '24/1',
  running: { image: 'agent:1', cleanupPeriod: 4, node, kernel: '6.1', serverNode: 'c', ...changes },
})

test('the same agent on several nodes is one agent', () => {
  const { identity, unlike } = joinIdentities([on('a'), on('b'), on('a')])
  expect(unlike).toBeUndefined()
  expect(identity.running).toEqual({
    image: 'agent:1',
    cleanupPeriod: 4,
    nodes: ['a', 'b'].map((node) => ({ node, kernel: '6.1', serverNode: 'c' })),
  })
})

test('the digest and the unlike pods of the first agent are part of the identity', () => {
  const more = { imageId: 'registry/agent@sha256:aa', unlike: [{ pods: 2, differs: 'image agent:2' }] }
  expect(joinIdentities([on('a', more), on('b', { imageId: 'sha256:aa' })])).toMatchObject({
    identity: { running: more },
    unlike: undefined,
  })
})

test('the same tag with another digest is another agent', () => {
  const { unlike } = joinIdentities([on('a', { imageId: 'agent@sha256:aa' }), on('b', { imageId: 'agent@sha256:bb' })])
  expect(unlike).toMatch(/agent:1 \(sha256:aa\) .* on a, and agent:1 \(sha256:bb\) .* on b/)
})

test('a program that changed during the run, or was built from two sources, is reported as two agents', () => {
  const program = (sha256: string): AgentIdentity => ({ mapLayout: '24/1', files: [{ file: './agent', sha256 }] })
  expect(joinIdentities([program('a'), program('a')])).toEqual({ identity: program('a'), unlike: undefined })
  expect(joinIdentities([program('a'), program('b')]).unlike).toBe(
    './agent changed during the run: the attempts did not all test the same agent',
  )
  const built = (content: string): AgentIdentity => ({
    mapLayout: '24/1',
    build: { version: 'v1-dirty', commit: 'c', dirty: true, content, go: 'go', clang: 'clang', goReplace: [] },
  })
  expect(joinIdentities([built('a'), built('b')]).unlike).toBe(
    'the agent was built from two sources: v1-dirty with content a, and v1-dirty with content b',
  )
})

test('if no testbed was set up, the identity is empty', () => {
  expect(joinIdentities([])).toEqual({ identity: {}, unlike: undefined })
})

test('attempts on nodes with different agents are inconclusive, and the reason names both agents', () => {
  const cohort = exampleCohort({ expect: 'survives' })
  const agents = [on('a'), on('b', { image: 'agent:2' })].map(
    (identity) => ({ type: 'agent', at: ns(0), cohort: cohort.cohort, ...identity }) as const,
  )
  const end: HistoryEvent = { type: 'run.end', at: ns(9e12), reason: 'passed', failedTests: [], durationMs: 1 }
  const control = exampleCohort({ cohort: 'control', role: 'control' })
  const events = [exampleRun, control, ...exampleAttempt({ cohort: 'control', lost: true }), cohort]
  const judged = (...identities: typeof agents) =>
    judgeRun({ events: [...events, ...identities, ...exampleAttempt({ lost: false }), end], cutShort: false })
  expect(judged(...agents.slice(0, 1)).verdict).toBe('pass')
  const { verdict, because } = judged(...agents)
  expect(verdict).toBe('inconclusive')
  expect(because.join()).toMatch(/do not run the same agent: agent:1 .* on a, and agent:2 .* on b/)
})

test('an agent that replaced the first one, as in an upgrade, is reported and is no second agent', () => {
  const cohort = exampleCohort({ expect: 'survives' })
  const agent = { type: 'agent', at: ns(0), cohort: cohort.cohort, mapLayout: '24/1' } as const
  const next = { ...agent, mapLayout: '24/16', isReplacement: true } as const
  const end: HistoryEvent = { type: 'run.end', at: ns(9e12), reason: 'passed', failedTests: [], durationMs: 1 }
  const events = [exampleRun, cohort, agent, next, ...exampleAttempt({ lost: false }), end]
  const [summary] = judgeRun({ events, cutShort: false }).cohorts
  expect(summary).toMatchObject({ mapLayout: '24/1', replacedBy: [{ mapLayout: '24/16' }] })
  expect(summary?.because.join()).not.toContain('the same agent')
})
