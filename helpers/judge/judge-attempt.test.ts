import { describe, expect, test } from 'vitest'
import type { AttemptEvent, EventOf } from '../history/event.ts'
import { ns } from '../units.ts'
import { exampleAttempt, exampleCohort } from './example-attempt.ts'
import { judgeAttempt } from './judge-attempt.ts'

const cohort = exampleCohort()
const lost = () => exampleAttempt({ lost: true })
const judged = (events: readonly AttemptEvent[]) => judgeAttempt(events, cohort)
const without = (type: AttemptEvent['type']) => lost().filter((event) => event.type !== type)
const changed = <Type extends AttemptEvent['type']>(
  type: Type,
  change: (event: Extract<AttemptEvent, { type: Type }>) => object,
) =>
  lost().map((event): AttemptEvent => {
    if (event.type !== type) return event
    return { ...event, ...change(event as Extract<AttemptEvent, { type: Type }>) }
  })

test('a reply that was denied after the delete is a loss, with its window', () => {
  expect(judged(lost())).toMatchObject({ verdict: 'lost', exposures: 1, lost: 1, disagreements: [], windowMs: 6 })
})

test('an attempt takes as long as from its first phase on: before, it may wait for others', () => {
  const events = exampleAttempt({ lost: false })
  const waited = events.map((event) => (event.type === 'attempt.begin' ? { ...event, at: ns(event.at - 5e8) } : event))
  const phase = { type: 'phase', at: events[0]?.at ?? ns(0), attempt: 'a', phase: 1 } as const
  expect(judged(waited.toSpliced(1, 0, phase)).attemptMs).toBe(judged(events).attemptMs)
})

test('a reply that arrived is a survival', () => {
  expect(judged(exampleAttempt({ lost: false }))).toMatchObject({
    verdict: 'survived',
    exposures: 1,
    lost: 0,
    disagreements: [],
  })
})

describe('an attempt is invalid when a precondition was not seen', () => {
  const nobody = { present: [], absent: [0] }
  const everybody = { present: [0], absent: [] }
  const look = (moment: string, kernel: object, map: object) =>
    changed('observed', (event) => (event.moment === moment ? { kernel, map } : {}))
  test.for([
    ['the first connection was not opened', without('flow.opened')],
    ['kernel or map did not have the first connection', look('opened', everybody, nobody)],
    ['the agent did not read the map after the connection was opened', changed('agent.walked', () => ({ began: 1 }))],
    ['the kernel still had the flow', look('expired', everybody, everybody)],
    ['or the map had lost it, when the agent looked', look('expired', nobody, nobody)],
    ['the agent was not held in the window', without('agent.held')],
    ['the agent was not held in the window', changed('agent.snapshot', () => ({ stopped: false }))],
    ['the reuse did not begin in the window', changed('flow.reused', () => ({ began: ns(1) }))],
    ['the reuse did not begin in the window', without('flow.reused')],
    ['the reuse made no new kernel entry', look('reused', nobody, everybody)],
    ['the agent went on before it was let go', changed('agent.released', ({ at }) => ({ at: ns(at + 1.5e6) }))],
    ['the end of the pass was not seen', without('agent.pass')],
    ['the reply was not sent after the pass', without('reply.sent')],
    ['the client was not asked', without('client.observed')],
    ['the attempt has no end', without('attempt.end')],
  ] as const)('%s', ([reason, events]) => {
    const verdict = judged(events)
    expect(verdict).toMatchObject({ verdict: 'invalid', reason: expect.stringContaining(reason) as string })
  })

  test('the agent seemed to be done, and deleted the entry after the reply', () => {
    const events = exampleAttempt({ lost: false })
    const late = {
      type: 'agent.deleted',
      at: ns((events.at(-1)?.at ?? 0) - 1),
      attempt: 'a',
      flow: 0,
      result: 0,
    } as const
    expect(judged(events.toSpliced(-1, 0, late))).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringContaining('only after the reply was sent') as string,
    })
  })

  test('another has its name, e.g. of a spec file that was run beside it', () => {
    const later = lost().map((event): AttemptEvent => ({ ...event, at: ns(event.at + 1e9) }))
    expect(judged([...exampleAttempt({ lost: false }), ...later])).toMatchObject({
      verdict: 'invalid',
      reason: 'two attempts have one name',
    })
  })

  test('with the reason that was recorded, where there is one', () => {
    const missed = {
      type: 'precondition.missed',
      at: ns(5),
      attempt: 'a',
      reason: 'the agent has no re-read',
      detail: 'x',
    } as const
    expect(judged([...lost(), missed])).toMatchObject({
      verdict: 'invalid',
      reason: 'the agent has no re-read',
      detail: 'x',
    })
  })
})

describe('the oracles contradict each other', () => {
  test('the client has the reply, and the map has no entry', () => {
    const events = exampleAttempt({ lost: false }).map((event) =>
      event.type === 'observed' && event.moment === 'passed' ? { ...event, map: { present: [], absent: [0] } } : event,
    )
    expect(judged(events)).toMatchObject({
      disagreements: [
        { flow: 0, saw: { client: 'the reply arrived', datapath: 'no reply was denied, the map has no entry' } },
      ],
    })
  })

  test('the client has no reply, and none was denied', () => {
    expect(judged(without('verdict'))).toMatchObject({
      disagreements: [{ flow: 0, saw: { client: 'no reply arrived' } }],
    })
  })

  test('an accepted packet, or a denied one of the client, is no denied reply', () => {
    expect(judged(changed('verdict', () => ({ verdict: 'accept' })))).toMatchObject({ disagreements: [{ flow: 0 }] })
    expect(judged(changed('verdict', () => ({ reply: false })))).toMatchObject({ disagreements: [{ flow: 0 }] })
  })
})

test('a reply that a retransmission brought after the first was denied is a loss that healed', () => {
  const events = lost()
  const denied = events.find(({ type }) => type === 'verdict')
  const healed: AttemptEvent = { type: 'reply.received', at: ns((denied?.at ?? 0) + 4e8), attempt: 'a', flow: 0 }
  expect(judged([...events, healed])).toMatchObject({ verdict: 'lost', disagreements: [] })
})

describe('a client that sends again by itself after the delete puts its entry back', () => {
  const putBack = {
    verdict: 'invalid',
    reason: 'a retransmission of the client put its entry back before the reply',
  }

  test('as the map shows before the reply', () => {
    const there = { present: [0], absent: [] }
    expect(judged(changed('observed', ({ moment }) => (moment === 'passed' ? { map: there } : {})))).toMatchObject(
      putBack,
    )
  })

  test('as the datapath tells, after the last look', () => {
    const events = lost()
    const sent = events.find(({ type }) => type === 'reply.sent')
    const admitted = {
      type: 'verdict',
      at: ns((sent?.at ?? 0) + 1),
      attempt: 'a',
      flow: 0,
      verdict: 'accept',
      direction: 'egress',
      reply: false,
    } as const
    expect(judged([...events, admitted])).toMatchObject(putBack)
    const later = events.find(({ type }) => type === 'verdict')
    expect(judged([...events, { ...admitted, at: ns((later?.at ?? 0) + 1) }])).toMatchObject({ verdict: 'lost' })
    // Used once more after the delete, the entry is there as it should be.
    const reused = {
      type: 'flow.reused',
      at: sent?.at ?? ns(0),
      began: sent?.at ?? ns(0),
      attempt: 'a',
      flow: 0,
    } as const
    expect(judged([...events, reused, admitted])).toMatchObject({ verdict: 'lost' })
  })
})

test('a control needs no window', () => {
  expect(judged(exampleAttempt({ purpose: 'no-reuse', lost: false }))).toMatchObject({
    verdict: 'survived',
    exposures: 1,
    windowMs: undefined,
  })
  expect(judged(exampleAttempt({ purpose: 'no-reuse', lost: true }))).toMatchObject({ verdict: 'lost', lost: 1 })
})

describe("the agent's log, where it was read", () => {
  const logged = (line: EventOf<'agent.log'>['line'], more: object = {}): AttemptEvent => ({
    type: 'agent.log',
    at: ns(1),
    attempt: 'subject race 1',
    line,
    ...more,
  })
  const began = logged('began')
  const deleted = logged('deleted', { flow: 0, reply: false })
  const ofReverse = logged('deleted', { flow: 0, reply: true })
  const denied = logged('denied', { flow: 0, reply: true })

  test.for([
    ['says what the kernel saw', lost(), [began, deleted, denied], []],
    ['is late with a denial', lost(), [began, deleted], []],
    ['hides a delete', lost(), [began], [{ flow: 0, saw: { log: 'no delete', kernel: 'a delete' } }]],
    [
      'invents a delete',
      exampleAttempt({ lost: false }),
      [began, deleted],
      [{ flow: 0, saw: { log: 'a delete', kernel: 'no delete' } }],
    ],
    [
      'invents a denial',
      exampleAttempt({ lost: false }),
      [began, denied],
      [{ flow: 0, saw: { log: 'a denial', datapath: 'no denial' } }],
    ],
    ['tells of the entry of its reverse', exampleAttempt({ lost: false }), [began, ofReverse], []],
    ['was not read', lost(), [], []],
  ] as const)('%s', ([, events, lines, disagreements]) => {
    expect(judged([...events, ...lines])).toMatchObject({ disagreements })
  })
})
