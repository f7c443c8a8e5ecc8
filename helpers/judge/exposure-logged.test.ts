/** Tests what proves an exposure if only the agent's log is read. */
import { describe, expect, test } from 'vitest'
import type { AttemptEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { exampleCohort } from './example-attempt.ts'
import { at, including, unheld } from './example-unheld.ts'
import { judgeAttempt } from './judge-attempt.ts'

const flow = 0
const attempt = 'subject race 1'

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

  describe('a delete in the middle of the reuse, and a reply: no exposure', () => {
    const middle = play(false, { line: 'deleted', after: -1e6 }).map((event) =>
      event.type === 'flow.reused' ? { ...event, began: ns(event.at - 3e6) } : event,
    )
    const invalid = (mayHaveLost: boolean) => ({
      verdict: 'invalid',
      reason: expect.stringContaining('did not hit the window') as string,
      mayHaveLost,
    })

    test('the last packet of the reuse has created the entry again, so nothing was lost', () => {
      expect(judged(middle)).toMatchObject(invalid(false))
    })

    test('the log has a denied reply: it may have been lost at first', () => {
      const denied: AttemptEvent = {
        type: 'agent.log',
        at: ns(at(middle, 'flow.reused') + 1),
        attempt,
        line: 'denied',
        flow,
        reply: true,
      }
      expect(judged(including(middle, denied))).toMatchObject(invalid(true))
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
