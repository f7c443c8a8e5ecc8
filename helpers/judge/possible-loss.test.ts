/** The outcome of an attempt must not decide whether it counts: an attempt that may have lost makes its run inconclusive. */
import { describe, expect, test } from 'vitest'
import type { AttemptEvent, CohortEvent, HistoryEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { exampleAttempt, exampleCohort, exampleRun } from './example-attempt.ts'
import { judgeRun } from './judge-run.ts'

const end: HistoryEvent = { type: 'run.end', at: ns(9e12), reason: 'passed', failedTests: [], durationMs: 1 }
const control = [
  exampleCohort({ cohort: 'control', role: 'control' }),
  ...exampleAttempt({ cohort: 'control', lost: true }),
]
const judged = (changes: Partial<CohortEvent>, ...attempts: readonly (readonly AttemptEvent[])[]) =>
  judgeRun({
    events: [exampleRun, ...control, exampleCohort({ expect: 'survives', ...changes }), ...attempts.flat(), end],
    cutShort: false,
  })
const inconclusive = (reason: string) => ({
  verdict: 'inconclusive',
  because: expect.arrayContaining([expect.stringContaining(reason) as string]) as string[],
})
const survivor = (number = 1): AttemptEvent[] => exampleAttempt({ number, lost: false })
const loser = (number = 1): AttemptEvent[] => exampleAttempt({ number, lost: true })
const numbered = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1))
const without = (events: readonly AttemptEvent[], ...types: AttemptEvent['type'][]): AttemptEvent[] =>
  events.filter(({ type }) => !types.includes(type))
const timeOf = (events: readonly AttemptEvent[], type: AttemptEvent['type']): number =>
  events.find((event) => event.type === type)?.at ?? 0

/** The reply came neither to the client nor to a denial, and the client was not asked. */
function unseen(number: number): AttemptEvent[] {
  const events = without(loser(number), 'verdict', 'client.observed')
  const sent = events.findLastIndex(({ type }) => type === 'reply.sent')
  const reason = 'not seen: each reply has arrived or was denied'
  const at = ns((events[sent]?.at ?? 0) + 1)
  const attempt = events[0]?.attempt ?? ''
  return events.toSpliced(sent + 1, 0, { type: 'precondition.missed', at, attempt, reason, detail: '' })
}

/** The agent is not held. */
const unheld = (events: readonly AttemptEvent[]): AttemptEvent[] =>
  without(events, 'agent.held', 'agent.released').map((event) =>
    event.type === 'agent.snapshot' ? { ...event, stopped: false } : event,
  )

/** Another flow that goes the same way. */
const twoFlows = (events: readonly AttemptEvent[]): AttemptEvent[] =>
  JSON.parse(
    JSON.stringify(events).replaceAll(/"(present|absent|missing|received|flows)":\[0\]/g, '"$1":[0,1]'),
  ).flatMap((event: AttemptEvent): AttemptEvent[] => {
    if (event.type === 'attempt.begin')
      return [{ ...event, flows: event.flows.flatMap((first) => [first, { ...first, flow: 1 }]) }]
    return 'flow' in event ? [event, { ...event, flow: 1 }] : [event]
  })

/** Made by a schedule of the user’s. */
const schedule = (events: readonly AttemptEvent[], text: string): AttemptEvent[] =>
  events.map((event) => (event.type === 'attempt.begin' ? { ...event, purpose: 'schedule', schedule: text } : event))

test('ten of ten attempts survived: pass', () => {
  expect(judged({ iterations: 10 }, ...numbered(10, survivor))).toMatchObject({ verdict: 'pass' })
})

describe('spare attempts do not replace one that may have lost', () => {
  test('2 of 10 lost, their denials were not seen, and 2 spares survive', () => {
    const attempts = [...numbered(8, survivor), unseen(9), unseen(10), survivor(11), survivor(12)]
    expect(judged({ iterations: 10 }, ...attempts)).toMatchObject(
      inconclusive('2 attempts may have lost a flow: not seen: each reply has arrived or was denied'),
    )
  })

  test('the same with trigger observed', () => {
    const looked = (number: number): AttemptEvent[] => {
      const events = unheld(survivor(number))
      const look = { type: 'agent.reread', flow: 0, result: 0, stopped: false } as const
      const index = events.findIndex(({ type }) => type === 'agent.pass')
      const at = ns((events[index]?.at ?? 0) - 1)
      return events.toSpliced(index, 0, { ...look, at, attempt: events[0]?.attempt ?? '' })
    }
    const cohort = { iterations: 10, trigger: 'observed' } as const
    const spares = [11, 12].map(looked)
    expect(judged(cohort, ...numbered(10, looked))).toMatchObject({ verdict: 'pass' })
    expect(judged(cohort, ...numbered(8, looked), unheld(unseen(9)), unheld(unseen(10)), ...spares)).toMatchObject(
      inconclusive('2 attempts may have lost a flow'),
    )
  })

  test('the step that was missed came after the reply, although no reply was recorded', () => {
    const at = ns(timeOf(survivor(), 'agent.snapshot'))
    const begin = survivor().slice(0, 3)
    const missed = (step: number): AttemptEvent => ({
      type: 'precondition.missed',
      at,
      attempt: 'subject race 1',
      reason: 'the agent was lost',
      detail: '',
      step,
    })
    const attempt = (step: number) => [...begin, missed(step), ...survivor().slice(-1)]
    expect(judged({}, attempt(6), survivor(2))).toMatchObject(inconclusive('1 attempt may have lost a flow'))
    expect(judged({}, attempt(3), survivor(2))).toMatchObject({ verdict: 'pass' })
  })

  test('a step was missed after the agent had deleted the entry of a flow that was in use again', () => {
    const events = loser()
    const deleted = events.findIndex(({ type }) => type === 'agent.deleted')
    const missed = {
      type: 'precondition.missed',
      at: ns((events[deleted]?.at ?? 0) + 1),
      attempt: 'subject race 1',
      reason: 'not seen: the pass is over',
      detail: '',
    } as const
    const attempt = [...events.slice(0, deleted + 1), missed, ...events.slice(-1)]
    expect(judged({}, attempt, survivor(2))).toMatchObject(inconclusive('1 attempt may have lost a flow'))
    expect(judged({}, attempt.toSpliced(deleted, 1), survivor(2))).toMatchObject({ verdict: 'pass' })
  })

  test.for([
    ['the hold', ['agent.held']],
    ['the delete', ['agent.deleted']],
    ['the denial', ['verdict']],
    ['the client’s answer', ['client.observed']],
    ['the reuse', ['flow.reused']],
    ['the end of the attempt', ['attempt.end']],
  ] as const)('it lost, and %s was not recorded', ([, types]) => {
    expect(judged({}, without(loser(), ...types), survivor(2)).verdict).toBe('inconclusive')
  })

  test('it lost, and neither the reuse, nor the reply, nor the client’s answer was recorded', () => {
    expect(judged({}, without(loser(), 'flow.reused', 'reply.sent', 'client.observed'), survivor(2))).toMatchObject(
      inconclusive('1 attempt may have lost a flow'),
    )
  })

  test('an attempt that left nothing in the history', () => {
    expect(judged({ iterations: 2 }, survivor(1), survivor(3))).toMatchObject(
      inconclusive('1 race attempt left nothing in the history'),
    )
  })
})

describe('the map and the witness disagree', () => {
  const [first, second] = [twoFlows(survivor()), twoFlows(loser())]
  /** Flow 0 survives, and flow 1 is lost. */
  const oneOfTwo = second.flatMap((event): AttemptEvent[] => {
    const ofFirst = 'flow' in event && event.flow === 0
    if (event.type === 'observed' && event.moment === 'passed')
      return [{ ...event, map: { present: [0], absent: [1] } }]
    if (event.type === 'client.observed') return [{ ...event, received: [0], missing: [1] }]
    if (ofFirst && event.type === 'agent.deleted') return []
    if (ofFirst && event.type === 'verdict') {
      const { at, attempt } = event
      return [{ type: 'reply.received', at, attempt, flow: 0 }]
    }
    return [event]
  })

  test('two flows survive: pass', () => {
    expect(judged({}, first)).toMatchObject({ verdict: 'pass' })
  })

  test('one of two flows is lost: fail', () => {
    expect(judged({}, oneOfTwo)).toMatchObject({ verdict: 'fail' })
  })

  test('one of two flows is lost, and its delete was not seen', () => {
    expect(judged({}, without(oneOfTwo, 'agent.deleted'))).toMatchObject(
      inconclusive('the witnesses disagree about 1 flow'),
    )
  })
})

describe('not held at its last look', () => {
  const attempt = 'subject race 1'
  const released = timeOf(survivor(), 'agent.released')
  const dump = (at: number): AttemptEvent => ({ type: 'agent.dump-began', at: ns(at), attempt })

  test('a dump began after the agent was let go, and its end was not seen', () => {
    expect(judged({}, [...survivor(), dump(released + 1)])).toMatchObject(inconclusive('not held at its last look'))
  })

  test('two dumps had begun when the agent was held at the end of one', () => {
    const snapshot = timeOf(survivor(), 'agent.snapshot')
    expect(judged({}, [...survivor(), dump(snapshot - 1)])).toMatchObject({ verdict: 'pass' })
    expect(judged({}, [...survivor(), dump(snapshot - 2), dump(snapshot - 1)])).toMatchObject(
      inconclusive('not held at its last look'),
    )
  })

  describe('in a window per flow, an agent that looks again before it deletes', () => {
    const look = (at: number, stopped: boolean): AttemptEvent => ({
      type: 'agent.reread',
      at: ns(at),
      attempt,
      flow: 0,
      result: 0,
      stopped,
    })
    const heldAtLook = (events: readonly AttemptEvent[]): AttemptEvent[] =>
      events.flatMap((event): AttemptEvent[] =>
        event.type === 'agent.held'
          ? [look(event.at - 1, true), { ...event, window: 'after-reread', flow: 0 }]
          : [event],
      )
    const cohort = { window: 'after-reread' } as const

    test('shows nothing if the flow survived', () => {
      expect(judged(cohort, heldAtLook(survivor()))).toMatchObject({ verdict: 'pass' })
      expect(judged(cohort, [...heldAtLook(survivor()), look(released + 1, true)])).toMatchObject(
        inconclusive('the agent looked at the entry again after it was let go'),
      )
    })

    test('walks over the entry in its next hydrate: that is no look of this pass', () => {
      const later = timeOf(survivor(), 'agent.pass') + 1
      expect(judged(cohort, [...heldAtLook(survivor()), look(later, false)])).toMatchObject({ verdict: 'pass' })
    })

    test('has lost the flow all the same', () => {
      const again = look(timeOf(loser(), 'agent.released') + 1, true)
      expect(judged(cohort, [...heldAtLook(loser()), again])).toMatchObject({ verdict: 'fail' })
    })
  })
})

describe('a user’s schedule', () => {
  const holds = 'open hydrate expire compare hydrate hold:after-snapshot reuse release reply'

  test('whose preconditions were seen counts', () => {
    expect(judged({}, schedule(survivor(), holds))).toMatchObject({ verdict: 'pass' })
    expect(judged({}, schedule(loser(), holds))).toMatchObject({ verdict: 'fail' })
  })

  test('in which the agent is never held, and the kernel still has the flow, exposes nothing and gives no bound', () => {
    const attempt = exampleAttempt({ purpose: 'no-reuse', lost: false })
    const summary = judged({}, schedule(attempt, 'open hydrate compare reply'))
    expect(summary).toMatchObject({ verdict: 'inconclusive' })
    expect(summary.cohorts[1]).toMatchObject({ valid: 0, exposures: 0, lossProbability: { lower: 0, upper: 1 } })
  })

  test('that loses a live flow fails, also without a hold', () => {
    const attempt = exampleAttempt({ purpose: 'no-reuse', lost: true })
    expect(judged({}, schedule(attempt, 'open hydrate compare reply'))).toMatchObject({ verdict: 'fail' })
  })

  test('that loses a flow whose delete was not seen is inconclusive', () => {
    expect(judged({}, without(schedule(loser(), holds), 'agent.deleted'))).toMatchObject(
      inconclusive('the agent was not seen to delete it'),
    )
  })
})

describe('found by the small world', () => {
  /** The first reply was denied; then the client sent something, and the reply came again. */
  const healed = loser().flatMap((event): AttemptEvent[] => {
    if (event.type === 'client.observed') return [{ ...event, received: [0], missing: [] }]
    const { at, attempt } = event
    return event.type === 'verdict' ? [event, { type: 'reply.received', at: ns(at + 1), attempt, flow: 0 }] : [event]
  })

  test('a loss that healed is one', () => {
    expect(judged({}, healed, survivor(2))).toMatchObject({ verdict: 'fail' })
  })

  test('it healed, and the reply was not recorded', () => {
    expect(judged({}, without(healed, 'reply.sent'), survivor(2)).verdict).toBe('inconclusive')
  })

  test('it healed, and denial, delete and the look after the pass were not recorded', () => {
    const events = without(healed, 'verdict', 'agent.deleted')
    const unlooked = events.filter((event) => event.type !== 'observed' || event.moment !== 'passed')
    expect(judged({}, unlooked, survivor(2))).toMatchObject(inconclusive('the witnesses disagree about 1 flow'))
  })

  test('the beginning of an attempt that lost is there twice', () => {
    const [begin, ...rest] = loser()
    const attempt = [begin, begin, ...rest].flatMap((event) => event ?? [])
    expect(judged({}, attempt, survivor(2))).toMatchObject(inconclusive('two attempts have one name'))
  })

  test('the kernel forgot the flow again after its reuse: the agent deleted its entry by right', () => {
    const idle = loser().map((event): AttemptEvent =>
      event.type === 'observed' && event.moment === 'passed'
        ? { ...event, kernel: { present: [], absent: [0] } }
        : event,
    )
    expect(judged({}, idle)).toMatchObject(inconclusive('the kernel no longer had the flow when its reply was sent'))
  })

  test('the agent deleted the stale entry before the reuse, and the map lost the new one without it', () => {
    const reused = timeOf(loser(), 'flow.reused')
    const early = schedule(
      loser().map((event) => (event.type === 'agent.deleted' ? { ...event, at: ns(reused - 3e6) } : event)),
      'open hydrate expire compare reuse reply',
    )
    expect(judged({}, early)).toMatchObject(inconclusive('the agent was not seen to delete it'))
  })
})

describe('nothing was tried', () => {
  test('no attempts were planned', () => {
    expect(judged({ iterations: 0 })).toMatchObject(inconclusive('no attempt was valid'))
  })

  test('a sequential test that needs no attempt', () => {
    const sequential = { p0: 0.01, p1: 0.1, alpha: 0.95, beta: 0.95 }
    expect(judged({ sequential }).verdict).toBe('inconclusive')
  })
})

describe('a damaged history', () => {
  const [begin, ...rest] = loser()

  test('an attempt that lost does not begin with its first event', () => {
    const [opened, ...later] = rest
    const attempt = [opened, begin, ...later].flatMap((event) => event ?? [])
    expect(judged({}, attempt, survivor(2))).toMatchObject(inconclusive('does not begin with its first event'))
  })

  test('an attempt that lost has no beginning', () => {
    expect(judged({}, rest, survivor(2))).toMatchObject(inconclusive('1 attempt cannot be judged'))
  })

  test('an attempt belongs to a cohort that is not in the history', () => {
    const other = exampleAttempt({ cohort: 'other', lost: true })
    expect(judged({}, survivor(), other)).toMatchObject(inconclusive('1 attempt cannot be judged'))
  })

  test('lines out of order change nothing', () => {
    const [first, ...others] = loser()
    const attempt = [first, ...others.toReversed()].flatMap((event) => event ?? [])
    expect(judged({}, attempt)).toMatchObject({ verdict: 'fail' })
  })
})
