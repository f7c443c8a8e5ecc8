/** Tests that a run is inconclusive if its history has lost events that matter. */
import { describe, expect, test } from 'vitest'
import { comparedBySpec } from '../config/cohorts.ts'
import type { AttemptEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { exampleAttempt } from './example-attempt.ts'
import { bySchedule, inconclusive, judgedRun, loser, survivor, timeOf, without } from './example-run.ts'

describe('inconclusive: no attempt was made', () => {
  test('no attempts were planned', () => {
    expect(judgedRun({ iterations: 0 })).toMatchObject(inconclusive('no attempt was valid'))
  })

  test('a spec that compares the attempts itself plans none, and the rest of the run is judged', () => {
    expect(judgedRun(comparedBySpec)).toMatchObject({ verdict: 'pass' })
  })

  test('a sequential test made no attempt', () => {
    const sequential = { p0: 0.01, p1: 0.1, alpha: 0.05, beta: 0.05 }
    expect(judgedRun({ sequential })).toMatchObject(inconclusive('no attempt was valid'))
  })

  test('a sequential test that would need no attempts is refused, when the history is read and when it is judged', () => {
    const sequential = { p0: 0.01, p1: 0.1, alpha: 0.95, beta: 0.95 }
    expect(() => judgedRun({ sequential })).toThrow(RangeError)
  })
})

describe('a damaged history', () => {
  const [begin, ...rest] = loser()

  test('the beginning of an attempt that lost is not its first event', () => {
    const [opened, ...later] = rest
    const attempt = [opened, begin, ...later].flatMap((event) => event ?? [])
    expect(judgedRun({}, attempt, survivor(2))).toMatchObject(
      inconclusive('the first event of the attempt is not its beginning'),
    )
  })

  test('the beginning of an attempt that lost is missing', () => {
    expect(judgedRun({}, rest, survivor(2))).toMatchObject(inconclusive('1 attempt cannot be judged'))
  })

  test('an attempt belongs to a cohort that is not in the history', () => {
    const other = exampleAttempt({ cohort: 'other', lost: true })
    expect(judgedRun({}, survivor(), other)).toMatchObject(inconclusive('1 attempt cannot be judged'))
  })

  test('the order of the lines does not matter', () => {
    const [first, ...others] = loser()
    const attempt = [first, ...others.toReversed()].flatMap((event) => event ?? [])
    expect(judgedRun({}, attempt)).toMatchObject({ verdict: 'fail' })
  })
})

describe('counterexamples from soundness.test.ts', () => {
  /** The first reply was denied. Then the client sent a packet, and the reply was sent again and arrived. */
  const healed = loser().flatMap((event): AttemptEvent[] => {
    if (event.type === 'client.observed') return [{ ...event, received: [0], missing: [] }]
    const { at, attempt } = event
    return event.type === 'verdict' ? [event, { type: 'reply.received', at: ns(at + 1), attempt, flow: 0 }] : [event]
  })

  test('a loss that healed is a loss', () => {
    expect(judgedRun({}, healed, survivor(2))).toMatchObject({ verdict: 'fail' })
  })

  test('a loss healed, and the reply was not recorded', () => {
    expect(judgedRun({}, without(healed, 'reply.sent'), survivor(2)).verdict).toBe('inconclusive')
  })

  test('a loss healed, and its denial, its delete and the look after the pass were not recorded', () => {
    const events = without(healed, 'verdict', 'agent.deleted')
    const unlooked = events.filter((event) => event.type !== 'observed' || event.moment !== 'passed')
    expect(judgedRun({}, unlooked, survivor(2))).toMatchObject(inconclusive('the witnesses disagree about 1 flow'))
  })

  test('the beginning of an attempt that lost was recorded twice', () => {
    const [begin, ...rest] = loser()
    const attempt = [begin, begin, ...rest].flatMap((event) => event ?? [])
    expect(judgedRun({}, attempt, survivor(2))).toMatchObject(inconclusive('two attempts have the same name'))
  })

  test('the kernel forgot the flow again after its reuse, so the agent was right to delete its entry', () => {
    const idle = loser().map((event): AttemptEvent =>
      event.type === 'observed' && event.moment === 'passed'
        ? { ...event, kernel: { present: [], absent: [0] } }
        : event,
    )
    expect(judgedRun({}, idle)).toMatchObject(inconclusive('the kernel no longer had the flow when its reply was sent'))
  })

  test('the agent deleted the stale entry before the reuse, and the map lost the new entry for another reason', () => {
    const reused = timeOf(loser(), 'flow.reused')
    const early = bySchedule(
      loser().map((event) => (event.type === 'agent.deleted' ? { ...event, at: ns(reused - 3e6) } : event)),
      'open hydrate expire compare reuse reply',
    )
    const notDeleted = inconclusive('the agent was not seen to delete it')
    expect(judgedRun({}, early)).toMatchObject(notDeleted)
    expect(judgedRun({}, without(early, 'flow.reused'))).toMatchObject(notDeleted)
  })
})
