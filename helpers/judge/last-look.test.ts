/** Tests that a surviving flow counts only if the agent was held at its last look. */
import { describe, expect, test } from 'vitest'
import type { AttemptEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { inconclusive, judgedRun, loser, survivor, timeOf } from './example-run.ts'

describe('not held at its last look', () => {
  const attempt = 'subject race 1'
  const released = timeOf(survivor(), 'agent.released')
  const dump = (at: number): AttemptEvent => ({ type: 'agent.dump-began', at: ns(at), attempt })

  test('a dump began after the agent was released, and its end was not seen', () => {
    expect(judgedRun({}, [...survivor(), dump(released + 1)])).toMatchObject(inconclusive('not held at its last look'))
  })

  test('two dumps had begun when the agent was held at the end of one of them', () => {
    const snapshot = timeOf(survivor(), 'agent.snapshot')
    expect(judgedRun({}, [...survivor(), dump(snapshot - 1)])).toMatchObject({ verdict: 'pass' })
    expect(judgedRun({}, [...survivor(), dump(snapshot - 2), dump(snapshot - 1)])).toMatchObject(
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

    test('is not tested if the flow survived', () => {
      expect(judgedRun(cohort, heldAtLook(survivor()))).toMatchObject({ verdict: 'pass' })
      expect(judgedRun(cohort, [...heldAtLook(survivor()), look(released + 1, true)])).toMatchObject(
        inconclusive('the agent looked at the entry again after it was released'),
      )
    })

    test('reads the entry in its next hydrate, which is not a look of this pass', () => {
      const later = timeOf(survivor(), 'agent.pass') + 1
      expect(judgedRun(cohort, [...heldAtLook(survivor()), look(later, false)])).toMatchObject({ verdict: 'pass' })
    })

    test('counts as losing the flow if it deleted the entry', () => {
      const again = look(timeOf(loser(), 'agent.released') + 1, true)
      expect(judgedRun(cohort, [...heldAtLook(loser()), again])).toMatchObject({ verdict: 'fail' })
    })
  })
})
