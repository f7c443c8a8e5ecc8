/** Tests that an attempt that may have lost makes the run inconclusive, so that the outcome of an attempt never decides whether it counts. */
import { describe, expect, test } from 'vitest'
import type { AttemptEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { inconclusive, judgedRun, loser, survivor, timeOf, without } from './example-run.ts'

const numbered = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1))

/** The reply neither arrived nor was denied, and the client was not asked. */
function unseen(number: number): AttemptEvent[] {
  const events = without(loser(number), 'verdict', 'client.observed')
  const sent = events.findLastIndex(({ type }) => type === 'reply.sent')
  const reason = 'not seen: each reply has arrived or was denied'
  const at = ns((events[sent]?.at ?? 0) + 1)
  const attempt = events[0]?.attempt ?? ''
  return events.toSpliced(sent + 1, 0, { type: 'precondition.missed', at, attempt, reason, detail: '' })
}

/** Changes an attempt to one in which the agent is not held. */
const unheld = (events: readonly AttemptEvent[]): AttemptEvent[] =>
  without(events, 'agent.held', 'agent.released').map((event) =>
    event.type === 'agent.snapshot' ? { ...event, stopped: false } : event,
  )

/** Returns the same events for another flow. */
const twoFlows = (events: readonly AttemptEvent[]): AttemptEvent[] =>
  JSON.parse(
    JSON.stringify(events).replaceAll(/"(present|absent|missing|received|flows)":\[0\]/g, '"$1":[0,1]'),
  ).flatMap((event: AttemptEvent): AttemptEvent[] => {
    if (event.type === 'attempt.begin')
      return [{ ...event, flows: event.flows.flatMap((first) => [first, { ...first, flow: 1 }]) }]
    return 'flow' in event ? [event, { ...event, flow: 1 }] : [event]
  })

test('ten of ten attempts survived: pass', () => {
  expect(judgedRun({ iterations: 10 }, ...numbered(10, survivor))).toMatchObject({ verdict: 'pass' })
})

describe('spare attempts do not replace one that may have lost', () => {
  test('2 of 10 attempts lost, their denials were not seen, and 2 spare attempts survived', () => {
    const attempts = [...numbered(8, survivor), unseen(9), unseen(10), survivor(11), survivor(12)]
    expect(judgedRun({ iterations: 10 }, ...attempts)).toMatchObject(
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
    expect(judgedRun(cohort, ...numbered(10, looked))).toMatchObject({ verdict: 'pass' })
    expect(judgedRun(cohort, ...numbered(8, looked), unheld(unseen(9)), unheld(unseen(10)), ...spares)).toMatchObject(
      inconclusive('2 attempts may have lost a flow'),
    )
  })

  test('the missed step came after the reply, although no reply was recorded', () => {
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
    expect(judgedRun({}, attempt(6), survivor(2))).toMatchObject(inconclusive('1 attempt may have lost a flow'))
    expect(judgedRun({}, attempt(3), survivor(2))).toMatchObject({ verdict: 'pass' })
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
    expect(judgedRun({}, attempt, survivor(2))).toMatchObject(inconclusive('1 attempt may have lost a flow'))
    expect(judgedRun({}, attempt.toSpliced(deleted, 1), survivor(2))).toMatchObject({ verdict: 'pass' })
  })

  test.for([
    ['the hold', ['agent.held']],
    ['the delete', ['agent.deleted']],
    ['the denial', ['verdict']],
    ['the client’s report', ['client.observed']],
    ['the reuse', ['flow.reused']],
    ['the end of the attempt', ['attempt.end']],
  ] as const)('the attempt lost, and %s was not recorded', ([, types]) => {
    expect(judgedRun({}, without(loser(), ...types), survivor(2)).verdict).toBe('inconclusive')
  })

  test('the attempt lost, and neither the reuse, nor the reply, nor the client’s report was recorded', () => {
    expect(judgedRun({}, without(loser(), 'flow.reused', 'reply.sent', 'client.observed'), survivor(2))).toMatchObject(
      inconclusive('1 attempt may have lost a flow'),
    )
  })

  test('an attempt that left nothing in the history', () => {
    expect(judgedRun({ iterations: 2 }, survivor(1), survivor(3))).toMatchObject(
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
    expect(judgedRun({}, first)).toMatchObject({ verdict: 'pass' })
  })

  test('one of two flows is lost: fail', () => {
    expect(judgedRun({}, oneOfTwo)).toMatchObject({ verdict: 'fail' })
  })

  test('one of two flows is lost, and its delete was not seen', () => {
    expect(judgedRun({}, without(oneOfTwo, 'agent.deleted'))).toMatchObject(
      inconclusive('the witnesses disagree about 1 flow'),
    )
  })
})
