/** Exposures of an agent that nobody holds: what proves them, seen by a probe, or told by the agent's log alone. */
import { describe, expect, test } from 'vitest'
import type { AttemptEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { exampleAttempt, exampleCohort } from './example-attempt.ts'
import { clusterWords } from '../report/cluster-words.ts'
import { judgeAttempt } from './judge-attempt.ts'
import { judgeCohort } from './judge-cohort.ts'

const flow = 0
const attempt = 'subject race 1'
const everybody = { present: [flow], absent: [] }
const look = { type: 'agent.reread', attempt, flow, result: 0, stopped: false } as const

/** The end of the example's reuse, in the middle of which a delete may fall. */
const at = (events: readonly AttemptEvent[], type: AttemptEvent['type']): number =>
  events.find((event) => event.type === type)?.at ?? 0

/** The example's attempt by an agent that was not held. */
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

/** Another flow that goes the same way. */
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

describe('seen by a probe', () => {
  const judged = (events: readonly AttemptEvent[]) => judgeAttempt(events, exampleCohort({ trigger: 'observed' }))
  const reason = 'the reuse did not hit the window: the agent was not about to delete the flow’s entry'

  test('a delete after the reuse, with the entry gone at the end of the pass, is a loss', () => {
    expect(judged(unheld(true))).toMatchObject({ verdict: 'lost', exposures: 1, lost: 1, disagreements: [] })
  })

  test('so it is in the middle of the reuse: a packet after the delete would have put the entry back', () => {
    const events = unheld(true)
    const inside = changed(events, 'flow.reused', (event) => ({
      at: ns(at(events, 'agent.deleted') + 1),
      began: event.began,
    }))
    expect(judged(inside)).toMatchObject({ verdict: 'lost', exposures: 1 })
  })

  test('a delete before the reuse is none', () => {
    const events = changed(unheld(true), 'agent.deleted', () => ({ at: ns(1) }))
    expect(judged(events)).toMatchObject({ verdict: 'invalid', reason })
  })

  test('an entry that is there at the end of the pass was put back: the reuse came after the delete', () => {
    const events = changed(unheld(true), 'observed', ({ moment }) =>
      moment === 'passed' ? { kernel: everybody, map: everybody } : {},
    )
    expect(judged(events)).toMatchObject({ verdict: 'invalid', reason })
  })

  test('a second look after dump and reuse, and no delete, is a survival', () => {
    const events = unheld(false)
    const during = ns(at(events, 'agent.pass') - 1)
    expect(judged(including(events, { ...look, at: during }))).toMatchObject({
      verdict: 'survived',
      exposures: 1,
      lost: 0,
    })
    // The next hydrate walks over the entry, too.
    const late = ns(at(events, 'agent.pass') + 1)
    expect(judged(including(events, { ...look, at: late }))).toMatchObject({ verdict: 'invalid', reason })
  })

  test('what nobody looked at again shows nothing', () => {
    expect(judged(unheld(false))).toMatchObject({ verdict: 'invalid', reason })
  })

  describe('by an agent that looks again before it deletes', () => {
    const afterReread = (events: readonly AttemptEvent[]) =>
      judgeAttempt(events, exampleCohort({ trigger: 'observed', window: 'after-reread' }))
    const other = 'the reuse landed in another window of the agent'
    const looked = (lost: boolean, when: 'before the reuse' | 'after the reuse') => {
      const events = unheld(lost)
      const offset = when === 'before the reuse' ? -1 : 1
      return including(events, { ...look, at: ns(at(events, 'flow.reused') + offset) })
    }

    test('a reuse after that look, and a delete: a loss of the window after it, and of no other', () => {
      const events = looked(true, 'before the reuse')
      expect(afterReread(events)).toMatchObject({ verdict: 'lost', exposures: 1, lost: 1 })
      expect(judged(events)).toMatchObject({ verdict: 'invalid', reason: other })
    })

    test('a reuse before that look, and a delete all the same: a loss of the window before it', () => {
      const events = looked(true, 'after the reuse')
      const lost = { verdict: 'lost', exposures: 1, lost: 1, lostInOtherWindows: {} }
      expect(judged(events)).toEqual(expect.objectContaining(lost))
      expect(afterReread(events)).toMatchObject({ verdict: 'invalid', reason: other })
    })

    test('that it looked after the reuse, and kept the flow, says nothing of the window after the look', () => {
      const events = looked(false, 'after the reuse')
      expect(judged(events)).toMatchObject({ verdict: 'survived', exposures: 1 })
      expect(afterReread(events)).toMatchObject({ verdict: 'invalid', reason })
    })

    test('flows of one attempt in either window: what is lost in the other one is told beside', () => {
      const events = twoFlows(unheld(true))
      const early = including(events, { ...look, flow: 1, at: ns(at(events, 'flow.reused') - 1) })
      const verdict = judged(early)
      const counts = { exposures: 1, lost: 1, lostInOtherWindows: { 'after-reread': 1 } }
      expect(verdict).toMatchObject({ verdict: 'lost', ...counts })
      const summary = judgeCohort(exampleCohort({ trigger: 'observed' }), [verdict], [])
      expect(summary).toMatchObject(counts)
      expect(clusterWords(summary)).toEqual([
        'not counted: 1 flow lost in the window after-reread, which RACE_WINDOW=after-reread judges',
      ])
    })
  })
})

describe('told by the agent’s log alone', () => {
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
  /** @param entry what the log says of the flow, and how many nanoseconds after the reuse was done */
  function told(lost: boolean, entry?: { readonly line: 'deleted' | 'kept'; readonly after: number }): AttemptEvent[] {
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

  test('a delete after the reuse, and no reply: a loss', () => {
    const verdict = judged(told(true, { line: 'deleted', after: 1.5e6 }))
    expect(verdict).toMatchObject({ verdict: 'lost', exposures: 1, lost: 1, disagreements: [] })
  })

  test('a skip after the reuse, and the reply: a survival', () => {
    const verdict = judged(told(false, { line: 'kept', after: 1.5e6 }))
    expect(verdict).toMatchObject({ verdict: 'survived', exposures: 1, lost: 0, disagreements: [] })
  })

  test('a delete after the reuse, and the reply all the same: client and log disagree', () => {
    const verdict = judged(told(false, { line: 'deleted', after: 1.5e6 }))
    expect(verdict).toMatchObject({
      exposures: 1,
      lost: 0,
      disagreements: [
        { flow, saw: { client: 'the reply arrived', log: expect.stringContaining('deleted') as string } },
      ],
    })
  })

  test.for([
    ['no word about the flow', told(true)],
    ['a delete before the reuse', told(true, { line: 'deleted', after: -4e6 })],
  ] as const)('%s: no exposure', ([, events]) => {
    expect(judged(events)).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringContaining('did not hit the window') as string,
    })
  })

  test('a delete by a pass that began after the reuse: the flow may have timed out once more', () => {
    const events = told(true, { line: 'deleted', after: 2.5e6 })
    const missed = events.filter((event) => event.type !== 'agent.log' || event.line !== 'done')
    const began = logged('began', at(events, 'flow.reused') + 2.2e6)
    const done = logged('done', at(events, 'flow.reused') + 2.6e6)
    expect(judged([began, done].reduce(including, missed))).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringContaining('the flow was idle again') as string,
    })
  })

  test('how far the prediction was off is told with every attempt', () => {
    const events = told(true, { line: 'deleted', after: 1.5e6 })
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
