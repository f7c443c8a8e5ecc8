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

test('the duration of an attempt begins with its first phase, because it may wait for other attempts before', () => {
  const events = exampleAttempt({ lost: false })
  const waited = events.map((event) => (event.type === 'attempt.begin' ? { ...event, at: ns(event.at - 5e8) } : event))
  const phase = { type: 'phase', at: events[0]?.at ?? ns(0), attempt: 'a', phase: 1 } as const
  expect(judged(waited.toSpliced(1, 0, phase)).attemptMs).toBe(judged(events).attemptMs)
})

test('a flow whose reply arrived has survived', () => {
  expect(judged(exampleAttempt({ lost: false }))).toMatchObject({
    verdict: 'survived',
    exposures: 1,
    lost: 0,
    disagreements: [],
  })
})

describe('an attempt is invalid if a precondition was not seen', () => {
  const noFlow = { present: [], absent: [0] }
  const allFlows = { present: [0], absent: [] }
  const look = (moment: string, kernel: object, map: object) =>
    changed('observed', (event) => (event.moment === moment ? { kernel, map } : {}))
  test.for([
    ['the first connection was not opened', without('flow.opened')],
    ['the first connection was missing', look('opened', allFlows, noFlow)],
    ['the agent did not read the map after the connection was opened', changed('agent.walked', () => ({ began: 1 }))],
    ['still in conntrack', look('expired', allFlows, allFlows)],
    ['already gone from the map', look('expired', noFlow, noFlow)],
    ['the agent was not held in the window', without('agent.held')],
    ['the agent was not held in the window', changed('agent.snapshot', () => ({ stopped: false }))],
    ['the reuse did not begin in the window', changed('flow.reused', () => ({ began: ns(1) }))],
    ['the reuse did not begin in the window', without('flow.reused')],
    ['the kernel had no new entry for the reuse', look('reused', noFlow, allFlows)],
    ['the agent went on before it was released', changed('agent.released', ({ at }) => ({ at: ns(at + 1.5e6) }))],
    ['the end of the pass was not seen', without('agent.pass')],
    ['the reply was not sent after the pass', without('reply.sent')],
    ['the client was not asked', without('client.observed')],
    ['the attempt has no end', without('attempt.end')],
  ] as const)('%s', ([reason, events]) => {
    const verdict = judged(events)
    expect(verdict).toMatchObject({ verdict: 'invalid', reason: expect.stringContaining(reason) as string })
  })

  test('the pass seemed to be over, and the agent deleted the entry after the reply', () => {
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

  test('another attempt has the same name, e.g. in a spec file that ran at the same time', () => {
    const later = lost().map((event): AttemptEvent => ({ ...event, at: ns(event.at + 1e9) }))
    expect(judged([...exampleAttempt({ lost: false }), ...later])).toMatchObject({
      verdict: 'invalid',
      reason: 'two attempts have the same name',
    })
  })

  test('the reason is the recorded one, if there is one', () => {
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

describe('the witnesses contradict each other', () => {
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

  test('an accepted reply or a denied packet of the client is not a denied reply', () => {
    expect(judged(changed('verdict', () => ({ verdict: 'accept' })))).toMatchObject({ disagreements: [{ flow: 0 }] })
    expect(judged(changed('verdict', () => ({ reply: false })))).toMatchObject({ disagreements: [{ flow: 0 }] })
  })
})

test('a reply that arrived by retransmission after the first was denied is a loss', () => {
  const events = lost()
  const denied = events.find(({ type }) => type === 'verdict')
  const healed: AttemptEvent = { type: 'reply.received', at: ns((denied?.at ?? 0) + 4e8), attempt: 'a', flow: 0 }
  expect(judged([...events, healed])).toMatchObject({ verdict: 'lost', disagreements: [] })
})

describe('a client that retransmits after the delete restores its entry', () => {
  const putBack = {
    verdict: 'invalid',
    reason: 'a retransmission of the client restored its entry before the reply',
  }

  test('which the map shows before the reply', () => {
    const there = { present: [0], absent: [] }
    expect(judged(changed('observed', ({ moment }) => (moment === 'passed' ? { map: there } : {})))).toMatchObject(
      putBack,
    )
  })

  test('which the datapath reports after the last look', () => {
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
    // If the flow was reused again after the delete, it is right that the entry is there.
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

describe("the agent's log", () => {
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
    ['mentions the entry of the reverse direction', exampleAttempt({ lost: false }), [began, ofReverse], []],
    ['was not read', lost(), [], []],
  ] as const)('%s', ([, events, lines, disagreements]) => {
    expect(judged([...events, ...lines])).toMatchObject({ disagreements })
  })
})
