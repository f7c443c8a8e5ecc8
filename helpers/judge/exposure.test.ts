/** Tests what proves an exposure of an agent that is not held, if a probe sees the agent. */
import { describe, expect, test } from 'vitest'
import type { AttemptEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { exampleCohort } from './example-attempt.ts'
import { at, including, unheld } from './example-unheld.ts'
import { clusterLines } from '../report/cohort-text.ts'
import { judgeAttempt } from './judge-attempt.ts'
import { judgeCohort } from './judge-cohort.ts'

const flow = 0
const attempt = 'subject race 1'
const everybody = { present: [flow], absent: [] }
const look = { type: 'agent.reread', attempt, flow, result: 0, stopped: false } as const

const changed = <Type extends AttemptEvent['type']>(
  events: readonly AttemptEvent[],
  type: Type,
  change: (event: Extract<AttemptEvent, { type: Type }>) => object,
): AttemptEvent[] =>
  events.map((event) =>
    event.type === type ? { ...event, ...change(event as Extract<AttemptEvent, { type: Type }>) } : event,
  )

/** Returns the same events for another flow. */
const twoFlows = (events: readonly AttemptEvent[]): AttemptEvent[] =>
  JSON.parse(
    JSON.stringify(events)
      .replaceAll('"present":[0]', '"present":[0,1]')
      .replaceAll('"absent":[0]', '"absent":[0,1]')
      .replaceAll('"missing":[0]', '"missing":[0,1]')
      .replaceAll('"flows":[0]', '"flows":[0,1]'),
  ).flatMap((event: AttemptEvent): AttemptEvent[] => {
    if (event.type === 'attempt.begin')
      return [{ ...event, flows: event.flows.flatMap((first) => [first, { ...first, flow: 1 }]) }]
    return 'flow' in event ? [event, { ...event, flow: 1 }] : [event]
  })

describe('a probe sees the agent', () => {
  const judged = (events: readonly AttemptEvent[]) => judgeAttempt(events, exampleCohort({ trigger: 'observed' }))
  const reason = 'the reuse did not hit the window: the agent was not about to delete the flow’s entry'

  test('a delete after the reuse, with the entry gone at the end of the pass, is a loss', () => {
    expect(judged(unheld(true))).toMatchObject({ verdict: 'lost', exposures: 1, lost: 1, disagreements: [] })
  })

  test('a delete during the reuse is a loss too, because a later packet would have restored the entry', () => {
    const events = unheld(true)
    const inside = changed(events, 'flow.reused', (event) => ({
      at: ns(at(events, 'agent.deleted') + 1),
      began: event.began,
    }))
    expect(judged(inside)).toMatchObject({ verdict: 'lost', exposures: 1 })
  })

  test('a delete before the reuse is not an exposure', () => {
    const events = changed(unheld(true), 'agent.deleted', () => ({ at: ns(1) }))
    expect(judged(events)).toMatchObject({ verdict: 'invalid', reason })
  })

  test('a delete is not an exposure if the entry is there at the end of the pass: the reuse came after the delete', () => {
    const events = changed(unheld(true), 'observed', ({ moment }) =>
      moment === 'passed' ? { kernel: everybody, map: everybody } : {},
    )
    expect(judged(events)).toMatchObject({ verdict: 'invalid', reason })
  })

  test('the flow survived if the agent looked again after dump and reuse and did not delete', () => {
    const events = unheld(false)
    const during = ns(at(events, 'agent.pass') - 1)
    expect(judged(including(events, { ...look, at: during }))).toMatchObject({
      verdict: 'survived',
      exposures: 1,
      lost: 0,
    })
    // The next hydrate reads the entry too.
    const late = ns(at(events, 'agent.pass') + 1)
    expect(judged(including(events, { ...look, at: late }))).toMatchObject({ verdict: 'invalid', reason })
  })

  test('an entry that the agent neither deleted nor looked at again shows nothing', () => {
    expect(judged(unheld(false))).toMatchObject({ verdict: 'invalid', reason })
  })

  describe('an agent that looks again before it deletes', () => {
    const afterReread = (events: readonly AttemptEvent[]) =>
      judgeAttempt(events, exampleCohort({ trigger: 'observed', window: 'after-reread' }))
    const other = 'the reuse landed in another window of the agent'
    const looked = (lost: boolean, when: 'before the reuse' | 'after the reuse') => {
      const events = unheld(lost)
      const offset = when === 'before the reuse' ? -1 : 1
      return including(events, { ...look, at: ns(at(events, 'flow.reused') + offset) })
    }

    test('a reuse after that look and before a delete is a loss in the window after the look only', () => {
      const events = looked(true, 'before the reuse')
      expect(afterReread(events)).toMatchObject({ verdict: 'lost', exposures: 1, lost: 1 })
      expect(judged(events)).toMatchObject({ verdict: 'invalid', reason: other })
    })

    test('a reuse before that look and a delete is a loss in the window before the look', () => {
      const events = looked(true, 'after the reuse')
      const lost = { verdict: 'lost', exposures: 1, lost: 1, lostInOtherWindows: {} }
      expect(judged(events)).toEqual(expect.objectContaining(lost))
      expect(afterReread(events)).toMatchObject({ verdict: 'invalid', reason: other })
    })

    test('if it looked after the reuse and kept the flow, this shows nothing about the window after the look', () => {
      const events = looked(false, 'after the reuse')
      expect(judged(events)).toMatchObject({ verdict: 'survived', exposures: 1 })
      expect(afterReread(events)).toMatchObject({ verdict: 'invalid', reason })
    })

    test('flows of one attempt that are lost in the other window are listed separately', () => {
      const events = twoFlows(unheld(true))
      const early = including(events, { ...look, flow: 1, at: ns(at(events, 'flow.reused') - 1) })
      const verdict = judged(early)
      const counts = { exposures: 1, lost: 1, lostInOtherWindows: { 'after-reread': 1 } }
      expect(verdict).toMatchObject({ verdict: 'lost', ...counts })
      const summary = judgeCohort(exampleCohort({ trigger: 'observed' }), [verdict], [])
      expect(summary).toMatchObject(counts)
      expect(clusterLines(summary)).toEqual([
        'not counted: 1 flow lost in the window after-reread; to test it, set RACE_WINDOW=after-reread',
      ])
    })
  })
})
