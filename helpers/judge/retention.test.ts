import { describe, expect, test } from 'vitest'
import type { AttemptEvent, HistoryEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { exampleAttempt, exampleCohort, exampleRun } from './example-attempt.ts'
import { judgeRun } from './judge-run.ts'

const end: HistoryEvent = { type: 'run.end', at: ns(9e12), reason: 'passed', failedTests: [], durationMs: 1 }
/** Judges these attempts, together with a race in which the subject behaves as expected. */
const judged = (...events: readonly HistoryEvent[]) =>
  judgeRun({
    events: [exampleRun, exampleCohort(), ...exampleAttempt({ lost: true }), ...events, end],
    cutShort: false,
  })

describe('the control that stale entries are deleted', () => {
  /** The example attempt, without a reuse of the flow. */
  const retention = (number: number, change: (event: AttemptEvent) => object): HistoryEvent[] =>
    exampleAttempt({ number, lost: true }).flatMap((event): HistoryEvent[] => {
      if (event.type === 'flow.reused' || event.type === 'reply.sent') return []
      const attempt = `subject retention ${number}`
      const begins = event.type === 'attempt.begin' && { purpose: 'retention' }
      const left = event.type === 'observed' && event.moment === 'passed' && { kernel: gone }
      return [{ ...event, ...begins, ...left, attempt, ...change(event) } as HistoryEvent]
    })
  const gone = { present: [], absent: [0] }
  const here = { present: [0], absent: [] }
  const look = (moment: string, seen: object) => (event: AttemptEvent) =>
    event.type === 'observed' && event.moment === moment ? seen : {}

  test('pass: the stale entries were deleted', () => {
    const deleted = retention(1, () => ({}))
    expect(judged(...deleted)).toMatchObject({ verdict: 'pass' })
  })

  test('inconclusive: a dump was in progress when the kernel forgot the flows', () => {
    const kept = retention(1, look('passed', { kernel: gone, map: here }))
    const expired = kept.find((event) => event.type === 'observed' && event.moment === 'expired')?.at ?? 0
    const attempt = 'subject retention 1'
    const dump = (at: number): HistoryEvent => ({ type: 'agent.dump-began', at: ns(at), attempt })
    const verdictOf = (...more: HistoryEvent[]) => judged(...kept, ...more).verdict
    expect(verdictOf(dump(expired - 1))).toBe('inconclusive')
    expect(verdictOf(dump(expired - 2), dump(expired + 1))).toBe('fail')
  })

  test('fail: one of several attempts kept stale entries', () => {
    const [deleted, kept] = [retention(1, () => ({})), retention(2, look('passed', { kernel: gone, map: here }))]
    expect(judged(...deleted, ...kept)).toMatchObject({
      verdict: 'fail',
      because: [expect.stringContaining('over-retention: 1 of 1') as string],
    })
  })

  test.for([
    ['there were no stale entries', look('expired', { map: gone })],
    ['the kernel still had the flows', look('expired', { kernel: here })],
    ['the kernel had the flows again', look('passed', { kernel: here, map: here })],
    ['the attempt has no end', (event: AttemptEvent) => event.type === 'attempt.end' && { type: 'phase', phase: 5 }],
  ] as const)('inconclusive: %s', ([, change]) => {
    const attempt = retention(1, (event) => change(event) || {})
    expect(judged(...attempt)).toMatchObject({
      verdict: 'inconclusive',
      because: [expect.stringContaining('control retention: invalid') as string],
    })
  })
})
