import { describe, expect, test } from 'vitest'
import { exampleAttempt } from '../../judge/example-attempt.ts'
import type { AttemptEvent } from '../../history/event.ts'
import { judgeAttempt } from '../../judge/judge-attempt.ts'
import { ns } from '../../units.ts'
import { attemptSection } from './attempt-section.ts'
import { milestonesOf } from './milestones.ts'
import { spansOf } from './spans.ts'
import { timelineSvg } from './timeline-svg.ts'

describe('the timeline of an attempt that lost', () => {
  const events = exampleAttempt({ lost: true })
  const milestones = milestonesOf(events)

  test('shows who did what and when, in order', () => {
    expect(milestones.map(({ lane, what, times }) => `${times.join()} ${lane}: ${what}`)).toEqual([
      '1 client: first connection established',
      '4 agent: copied the keys of the map (hydrate)',
      '5 kernel entry: expired (forced)',
      '7 agent: finished its dump (snapshot)',
      '8 hold: held after-snapshot',
      '10 client: same 5-tuple used again',
      '12 hold: released',
      '13 agent: deleted the entry',
      '14 agent: pass ended',
      '16 client: reply sent',
      '17 verdicts: reply: deny',
    ])
    expect(milestones.filter(({ loss }) => loss)).toHaveLength(1)
  })

  test('has the window from the agent’s last look to its delete', () => {
    expect(spansOf(events, 'after-snapshot').window).toEqual({ from: 7, to: 13 })
  })

  test('shows each entry from its first use to its delete', () => {
    const seen = spansOf(events, 'after-snapshot').spans.map(({ lane, from, to }) => `${lane} ${from}-${to}`)
    expect(seen).toEqual(['kernel entry 1-5', 'kernel entry 10-19', 'map entry 1-13', 'agent 3-4', 'hold 8-12'])
  })

  test('shows the phases, with their names if there is room', () => {
    const attempt = 'subject race 1'
    const [begin, ...rest] = events
    const startsAt = (phase: number, at: number): AttemptEvent => ({
      type: 'phase',
      at: ns(1e9 + at * 1e6),
      attempt,
      phase,
    })
    const phased = [...(begin ? [begin] : []), startsAt(1, 1.5), startsAt(2, 4.9), startsAt(3, 5), ...rest]
    expect(spansOf(phased, 'after-snapshot').phases).toEqual([
      { phase: 1, from: 0.5, to: 3.9 },
      { phase: 2, from: 3.9, to: 4 },
      { phase: 3, from: 4, to: 19 },
    ])
    const picture = timelineSvg(phased, milestones, 'after-snapshot', 'an attempt').text
    expect(picture).toContain('>1 initial connections</text>')
    expect(picture).toContain('<title>phase 2 kernel timeout</title>')
    expect(picture).not.toContain('>2 kernel timeout</text>')
  })

  test('lists the same event of two phases twice', () => {
    const attempt = 'subject race 1'
    const verification: AttemptEvent = { type: 'phase', at: ns(1.016e9), attempt, phase: 5 }
    const accept = (at: number): AttemptEvent => ({
      type: 'verdict',
      at: ns(1.001e9 + at * 1e6),
      attempt,
      flow: 0,
      verdict: 'accept',
      direction: 'egress',
      reply: false,
    })
    const packets = milestonesOf([...events, verification, accept(3), accept(4), accept(18)]).filter(({ what }) =>
      what.startsWith('packet'),
    )
    expect(packets.map(({ times }) => times)).toEqual([[3, 4], [18]])
  })

  test('marks the lost reply and names every milestone', () => {
    const picture = timelineSvg(events, milestones, 'after-snapshot', 'an attempt').text
    expect(picture.match(/class="mark loss"/g)).toHaveLength(1)
    expect(picture.replaceAll(/\s+/g, ' ')).toContain('<title>the window: 7.00 to 13.00 ms</title>')
    expect(picture).toContain('>window, 6 ms</text')
    for (const { what } of milestones) expect(picture).toContain(`<title>${what}: 1 at `)
  })
})

test('the timeline of an agent that is not held shows its window and the predicted pass', () => {
  const attempt = 'subject race 1'
  const predicted: AttemptEvent = { type: 'agent.predicted', at: ns(1.005e9), attempt, begins: ns(1.006e9), takesMs: 3 }
  const events = exampleAttempt({ lost: true }).flatMap((event): AttemptEvent[] =>
    event.type === 'agent.held' || event.type === 'agent.released'
      ? []
      : event.type === 'agent.snapshot'
        ? [predicted, event]
        : [event],
  )
  const { window, spans } = spansOf(events, 'after-snapshot')
  expect(window).toEqual({ from: 7, to: 13 })
  expect(spans.find(({ what }) => what === 'predicted')).toMatchObject({ lane: 'agent', from: 5, to: 8 })
  expect(timelineSvg(events, milestonesOf(events), 'after-snapshot', 'x').text).toContain(
    'class="span agent predicted"',
  )
})

test('a very short window gets its own picture, whose axis begins at the agent’s last look', () => {
  const events = exampleAttempt({ lost: true })
  const end = events.at(-1)
  if (end?.type !== 'attempt.end') throw new Error('the example has an end')
  const long: AttemptEvent[] = [...events.slice(0, -1), { ...end, at: ns(end.at + 600_000e6) }]
  const section = (of: readonly AttemptEvent[]): string =>
    attemptSection(
      { events: of, verdict: judgeAttempt(of, { window: 'after-snapshot', trigger: 'exact' }) },
      'after-snapshot',
      true,
    ).text
  expect(section(events).match(/<svg/g)).toHaveLength(1)
  const pictures = section(long).split('<svg').slice(1)
  expect(pictures).toHaveLength(2)
  const label = (picture = ''): string[] =>
    [...picture.matchAll(/class="tick" x="[\d.]+" y="\d+">(-?[\d.]+)</g)].map(([, tick = '']) => tick)
  expect(label(pictures[0])).toEqual(['0', '100', '200', '300', '400', '500', '600'])
  expect(pictures[0]).toMatch(/>s<\/text/)
  expect(label(pictures[1]).slice(0, 4)).toEqual(['-5', '0', '5', '10'])
  expect(pictures[1]).toContain('class="mark loss"')
})

test('the timeline of a surviving flow has no loss, and a window that ends with the pass', () => {
  const events = exampleAttempt({ lost: false })
  expect(milestonesOf(events).some(({ loss }) => loss)).toBe(false)
  expect(spansOf(events, 'after-snapshot').window).toEqual({ from: 7, to: 13 })
})

test('if the agent is held before its delete, the window begins at the hold', () => {
  const events = exampleAttempt({ lost: true }).map((event): AttemptEvent =>
    event.type === 'agent.held' ? { ...event, window: 'before-delete', flow: 0 } : event,
  )
  expect(spansOf(events, 'before-delete').window).toEqual({ from: 8, to: 13 })
  expect(spansOf(events, 'after-reread').window).toBeUndefined()
  expect(milestonesOf(events).map(({ what }) => what)).toContain('held before-delete')
})

test('an attempt that was cut short is drawn up to its last event', () => {
  const events = exampleAttempt({ lost: true }).slice(0, 6)
  expect(spansOf(events, 'after-snapshot').window).toBeUndefined()
  expect(milestonesOf(events).at(-1)?.what).toContain('expired')
})
