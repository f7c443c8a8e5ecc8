import { describe, expect, test } from 'vitest'
import type { AttemptEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { inconclusive, judgedRun, survivor, timeOf } from './example-run.ts'

describe('the agent deleted the entry, and the reply arrived', () => {
  const attempt = 'subject race 1'
  const events = survivor()
  const sent = timeOf(events, 'reply.sent')
  const arrived = timeOf(events, 'reply.received')
  const deleted: AttemptEvent[] = events.flatMap((event): AttemptEvent[] => {
    if (event.type === 'agent.pass')
      return [{ type: 'agent.deleted', at: event.at, attempt, flow: 0, result: 0 }, event]
    if (event.type !== 'observed' || event.moment !== 'passed') return [event]
    return [{ ...event, map: { present: [], absent: [0] } }]
  })
  const replied = (present: number[], absent: number[]): AttemptEvent => ({
    type: 'observed',
    at: ns(arrived + 1),
    attempt,
    moment: 'replied',
    kernel: { present: [0], absent: [] },
    map: { present, absent },
  })
  const admitted: AttemptEvent = {
    type: 'verdict',
    at: ns(arrived - 1),
    attempt,
    flow: 0,
    verdict: 'accept',
    direction: 'egress',
    reply: false,
  }
  const disagreement = inconclusive('the witnesses disagree about 1 flow')
  const restored = [...deleted, replied([0], [])]

  test('counts as kept if the datapath asks conntrack and the entry is there again', () => {
    expect(arrived).toBeGreaterThan(sent)
    expect(judgedRun({ asksConntrack: true }, restored)).toMatchObject({ verdict: 'pass' })
  })

  test('is a disagreement if the datapath does not ask conntrack', () => {
    expect(judgedRun({}, restored)).toMatchObject(disagreement)
  })

  test('is a disagreement if the entry is not there after the reply, or was not looked for', () => {
    expect(judgedRun({ asksConntrack: true }, [...deleted, replied([], [0])])).toMatchObject(disagreement)
    expect(judgedRun({ asksConntrack: true }, deleted)).toMatchObject(disagreement)
  })

  test('does not count as kept if a packet of the client restored the entry', () => {
    expect(judgedRun({ asksConntrack: true }, [...restored, admitted]).verdict).toBe('inconclusive')
  })
})
