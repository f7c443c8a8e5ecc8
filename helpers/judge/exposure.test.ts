/** Tests what proves an exposure of an agent that is not held, if a probe sees the agent, and if only its log is read. */
import { describe, expect, test } from 'vitest'
import type { AttemptEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { exampleAttempt, exampleCohort } from './example-attempt.ts'
import { clusterLines } from '../report/cohort-text.ts'
import { judgeAttempt } from './judge-attempt.ts'
import { judgeCohort } from './judge-cohort.ts'

const flow = 0
const attempt = 'subject race 1'
const everybody = { present: [flow], absent: [] }
const look = { type: 'agent.reread', attempt, flow, result: 0, stopped: false } as const

/** The end of the example's reuse. A delete may happen during the reuse. */
const at = (events: readonly AttemptEvent[], type: AttemptEvent['type']): number =>
  events.find((event) => event.type === type)?.at ?? 0

/** Returns the example attempt with an agent that was not held. */
const unheld = (lost: boolean): AttemptEvent[] =>
  exampleAttempt({ lost }).flatMap((event): AttemptEvent[] => {
    if (event.type === 'agent.held' || event.type === 'agent.released') return []
    return [event.type === 'agent.snapshot' ? { ...event, stopped: false } : event]
  })

const including = (events: readonly AttemptEvent[], more: AttemptEvent): AttemptEvent[] => {
  const index = events.findIndex((event) => event.at > more.at)
  return events.toSpliced(index, 0, more)
}

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

describe('only the agent’s log is read', () => {
  const judged = (events: readonly AttemptEvent[]) => judgeAttempt(events, exampleCohort({ trigger: 'predicted' }))
  const unseen = new Set<AttemptEvent['type']>([
    'observed',
    'verdict',
    'agent.walked',
    'agent.snapshot',
    'agent.deleted',
    'expired',
  ])
  const logged = (line: 'began' | 'hydrated' | 'done' | 'deleted' | 'kept', when: number): AttemptEvent => ({
    type: 'agent.log',
    at: ns(when),
    attempt,
    line,
    ...((line === 'deleted' || line === 'kept') && { flow, reply: false }),
  })
  /** @param entry what the log says about the flow, and how many nanoseconds after the end of the reuse */
  function play(lost: boolean, entry?: { readonly line: 'deleted' | 'kept'; readonly after: number }): AttemptEvent[] {
    const events = unheld(lost)
    const opened = at(events, 'flow.opened')
    const reused = at(events, 'flow.reused')
    const lines = [
      logged('began', opened + 1),
      logged('hydrated', opened + 2),
      logged('began', reused - 1),
      ...(entry ? [logged(entry.line, reused + entry.after)] : []),
      logged('done', at(events, 'agent.pass') - 1),
    ]
    const seen = events.filter(({ type }) => !unseen.has(type))
    return lines.reduce(including, seen)
  }

  test('a delete after the reuse and no reply: a loss', () => {
    const verdict = judged(play(true, { line: 'deleted', after: 1.5e6 }))
    expect(verdict).toMatchObject({ verdict: 'lost', exposures: 1, lost: 1, disagreements: [] })
  })

  test('a skip after the reuse and a reply: the flow survived', () => {
    const verdict = judged(play(false, { line: 'kept', after: 1.5e6 }))
    expect(verdict).toMatchObject({ verdict: 'survived', exposures: 1, lost: 0, disagreements: [] })
  })

  test('a delete after the reuse and a reply: client and log disagree', () => {
    const verdict = judged(play(false, { line: 'deleted', after: 1.5e6 }))
    expect(verdict).toMatchObject({
      exposures: 1,
      lost: 0,
      disagreements: [
        { flow, saw: { client: 'the reply arrived', log: expect.stringContaining('deleted') as string } },
      ],
    })
  })

  test.for([
    ['a log that does not mention the flow', play(true)],
    ['a delete before the reuse', play(true, { line: 'deleted', after: -4e6 })],
  ] as const)('%s: no exposure', ([, events]) => {
    expect(judged(events)).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringContaining('did not hit the window') as string,
    })
  })

  test('a delete by a pass that began after the reuse: no exposure, because the flow may have timed out again', () => {
    const events = play(true, { line: 'deleted', after: 2.5e6 })
    const missed = events.filter((event) => event.type !== 'agent.log' || event.line !== 'done')
    const began = logged('began', at(events, 'flow.reused') + 2.2e6)
    const done = logged('done', at(events, 'flow.reused') + 2.6e6)
    expect(judged([began, done].reduce(including, missed))).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringContaining('the flow may have been idle again') as string,
    })
  })

  test('the verdict of every attempt has the error of the prediction', () => {
    const events = play(true, { line: 'deleted', after: 1.5e6 })
    const reused = at(events, 'flow.reused')
    const predicted = {
      type: 'agent.predicted',
      attempt,
      at: ns(reused - 2e6),
      begins: ns(reused - 1 - 1e6),
      takesMs: 40,
    } as const
    expect(judged(including(events, predicted)).predictionErrorMs).toBeCloseTo(1)
  })
})
