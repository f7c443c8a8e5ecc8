/** Tests attempts with a held agent that seem to survive or to lose, and show nothing. */
import { describe, expect, test } from 'vitest'
import type { AttemptEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { exampleAttempt, exampleCohort } from './example-attempt.ts'
import { judgeAttempt } from './judge-attempt.ts'

const attempt = 'subject race 1'
const survival = exampleAttempt({ lost: false })
const judged = (...more: readonly AttemptEvent[]) => judgeAttempt([...survival, ...more], exampleCohort())
const timeOf = (type: AttemptEvent['type']): number => survival.find((event) => event.type === type)?.at ?? 0
const invalid = (reason: string) => ({ verdict: 'invalid', reason: expect.stringContaining(reason) as string })

describe('a delete does not count', () => {
  const deleted = (at: number): AttemptEvent => ({ type: 'agent.deleted', at: ns(at), attempt, flow: 0, result: 0 })
  const before = invalid('the agent deleted the entry before the flow was used again')
  const ofAnother = deleted(timeOf('attempt.begin') + 1)

  test('if it was before the reuse, because the reuse makes a new entry that the agent has not copied', () => {
    expect(judged(deleted(timeOf('expired') + 1))).toMatchObject(before)
    expect(judged(deleted(timeOf('agent.held') - 1))).toMatchObject(before)
  })

  test('if it belongs to an earlier attempt: flows are identified by number only', () => {
    expect(judged(ofAnother)).toMatchObject({ verdict: 'survived' })
  })

  test('if it belongs to an earlier attempt, and the delete of this attempt came after the reply', () => {
    expect(judged(ofAnother, deleted(timeOf('attempt.end') - 1))).toMatchObject(
      invalid('only after the reply was sent'),
    )
  })
})

test('a dump that began before the kernel forgot the flow does not count, because it may have read the flow', () => {
  const began = (at: number): AttemptEvent => ({ type: 'agent.dump-began', at: ns(at), attempt })
  const early = began(timeOf('expired') - 1)
  expect(judged(early)).toMatchObject(invalid('still in conntrack'))
  expect(judged(early, began(timeOf('agent.snapshot') - 1))).toMatchObject({ verdict: 'survived' })
})

test('a control is invalid if the agent deleted the entry of a live flow only after the reply', () => {
  const control = exampleAttempt({ purpose: 'no-reuse', lost: false })
  const late = { type: 'agent.deleted', at: ns((control.at(-1)?.at ?? 0) - 1), attempt, flow: 0, result: 0 } as const
  expect(judgeAttempt([...control, late], exampleCohort())).toMatchObject(invalid('only after the reply was sent'))
})

test.for([
  [0, { verdict: 'survived', exposures: 1 }],
  [-2, invalid('the agent was not held in the window')],
] as const)('the agent was held after a re-read with the result %i', ([result, expected]) => {
  const reread = {
    type: 'agent.reread',
    at: ns(timeOf('agent.held') - 1),
    attempt,
    flow: 0,
    result,
    stopped: true,
  } as const
  const events = survival.map((event): AttemptEvent =>
    event.type === 'agent.held' ? { ...event, window: 'after-reread', flow: 0 } : event,
  )
  expect(judgeAttempt([...events, reread], exampleCohort({ window: 'after-reread' }))).toMatchObject(expected)
})

test('if the agent was held at two looks and the flow was reused at the second, the second look opens the window', () => {
  const held = timeOf('agent.held')
  const at = (late: number) => ns(held + late)
  const look = { type: 'agent.reread', attempt, flow: 0, result: 0, stopped: true } as const
  const hold = { type: 'agent.held', attempt, window: 'after-reread', flow: 0 } as const
  const events = survival.flatMap((event): AttemptEvent[] =>
    event.type === 'agent.held'
      ? [
          { ...look, at: at(-1) },
          { ...hold, at: at(0) },
          { type: 'agent.released', attempt, at: at(1) },
          { ...look, at: at(2) },
          { ...hold, at: at(3) },
        ]
      : [event],
  )
  const cohort = exampleCohort({ window: 'after-reread' })
  expect(judgeAttempt(events, cohort)).toMatchObject({ verdict: 'survived', exposures: 1 })
  // A reuse at the first look is not an exposure, because the second look may have seen it.
  const early = events.map((event) => (event.type === 'flow.reused' ? { ...event, began: at(0.5) } : event))
  expect(judgeAttempt(early, cohort)).toMatchObject({ verdict: 'invalid' })
})

describe('the agent was held before its delete of the entry', () => {
  const beforeDelete = exampleCohort({ window: 'before-delete' })
  const heldAgain = (events: readonly AttemptEvent[], flow: number): AttemptEvent[] =>
    events.map((event) => (event.type === 'agent.held' ? { ...event, window: 'before-delete', flow } : event))
  const lost = exampleAttempt({ lost: true })
  const judgedOf = (events: readonly AttemptEvent[]) => judgeAttempt(heldAgain(events, 0), beforeDelete)

  test('and deleted the entry after it was released: a loss', () => {
    expect(judgedOf(lost)).toMatchObject({ verdict: 'lost', exposures: 1, lost: 1, disagreements: [], windowMs: 5 })
  })

  test('and the entry survived: an exposure too', () => {
    expect(judgedOf(survival)).toMatchObject({ verdict: 'survived', exposures: 1, lost: 0 })
  })

  test('of another flow: no exposure', () => {
    const verdict = judgeAttempt(heldAgain(lost, 1), beforeDelete)
    expect(verdict).toMatchObject(invalid('the agent was not held in the window'))
  })

  test('and the flow was reused before that: no exposure', () => {
    const early = lost.map((event) =>
      event.type === 'flow.reused' ? { ...event, began: ns(timeOf('agent.held') - 1) } : event,
    )
    expect(judgedOf(early)).toMatchObject(invalid('the reuse did not begin in the window'))
  })

  test.for([
    ['before the reuse', 1, 'the agent deleted the entry before the flow was used again'],
    ['after the reuse, and before the release', 2.5e6, 'the agent went on before it was released'],
  ] as const)('and deleted the entry %s: no exposure', ([, afterHold, reason]) => {
    const done = lost.map((event) =>
      event.type === 'agent.deleted' ? { ...event, at: ns(timeOf('agent.held') + afterHold) } : event,
    )
    expect(judgedOf(done)).toMatchObject(invalid(reason))
  })

  test('and its delete found no entry: nothing proves that the agent lost the flow', () => {
    const failed = lost.map((event) => (event.type === 'agent.deleted' ? { ...event, result: -2 } : event))
    expect(judgedOf(failed)).toMatchObject(invalid('the agent was not seen to delete it'))
  })
})

describe('the agent dumped conntrack again before its pass was over', () => {
  const again = (events: readonly AttemptEvent[]): AttemptEvent => {
    const released = events.find(({ type }) => type === 'agent.released')?.at ?? 0
    return { type: 'agent.snapshot', at: ns(released + 1), attempt, stopped: false }
  }

  test('and kept the entry: it has seen the reuse, so the attempt is invalid', () => {
    expect(judged(again(survival))).toMatchObject(invalid('it was not held at its last look'))
  })

  test('and deleted the entry anyway: a loss', () => {
    const lost = exampleAttempt({ lost: true })
    expect(judgeAttempt([...lost, again(lost)], exampleCohort())).toMatchObject({ verdict: 'lost' })
  })
})

test('a loss that the agent did not cause does not count: the map may have been full', () => {
  const unexplained = invalid('the map lost the entry, and the agent was not seen to delete it')
  for (const purpose of ['race', 'no-reuse'] as const) {
    const events = exampleAttempt({ purpose, lost: true }).filter(({ type }) => type !== 'agent.deleted')
    expect(judgeAttempt(events, exampleCohort())).toMatchObject(unexplained)
  }
})
