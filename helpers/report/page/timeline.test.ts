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

  test('tells who did what when, in order', () => {
    expect(milestones.map(({ lane, what, times }) => `${times.join()} ${lane}: ${what}`)).toEqual([
      '1 client: first connections stand',
      '4 agent: has copied the keys of the map (hydrate)',
      '5 kernel entry: timed out (forced)',
      '7 agent: has its snapshot',
      '8 hold: held after-snapshot',
      '10 client: the same 5-tuples are used again',
      '12 hold: let go',
      '13 agent: deletes the entry',
      '14 agent: the pass is over',
      '16 client: the reply is on its way',
      '17 verdicts: reply: deny',
    ])
    expect(milestones.filter(({ loss }) => loss)).toHaveLength(1)
  })

  test('has the window from the agent’s last look to its delete', () => {
    expect(spansOf(events, 'after-snapshot').window).toEqual({ from: 7, to: 13 })
  })

  test('shows the entries as long as they were seen', () => {
    const seen = spansOf(events, 'after-snapshot').spans.map(({ lane, from, to }) => `${lane} ${from}-${to}`)
    expect(seen).toEqual(['kernel entry 2-6', 'kernel entry 11-19', 'map entry 2-15', 'agent 3-4', 'hold 8-12'])
  })

  test('is under its phases, each named where there is room', () => {
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

  test('marks the lost reply, and names every milestone', () => {
    const picture = timelineSvg(events, milestones, 'after-snapshot', 'an attempt').text
    expect(picture.match(/class="mark loss"/g)).toHaveLength(1)
    expect(picture.replaceAll(/\s+/g, ' ')).toContain('<title>the window: 7.00 to 13.00 ms</title>')
    expect(picture).toContain('>window, 6 ms</text')
    for (const { what } of milestones) expect(picture).toContain(`<title>${what}: 1 at `)
  })
})

test('an attempt at an agent that nobody holds has its window, and the pass as it was predicted', () => {
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

test('a window that is a line in the whole picture has one of its own, with the axis’s zero at the agent’s last look', () => {
  const events = exampleAttempt({ lost: true })
  const end = events.at(-1)
  if (end?.type !== 'attempt.end') throw new Error('an attempt ends so')
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

test('a survivor has no loss in its timeline, and a window that ends with the pass', () => {
  const events = exampleAttempt({ lost: false })
  expect(milestonesOf(events).some(({ loss }) => loss)).toBe(false)
  expect(spansOf(events, 'after-snapshot').window).toEqual({ from: 7, to: 13 })
})

test('the window of an agent that is held before its delete begins where it stands', () => {
  const events = exampleAttempt({ lost: true }).map((event): AttemptEvent =>
    event.type === 'agent.held' ? { ...event, window: 'before-delete', flow: 0 } : event,
  )
  expect(spansOf(events, 'before-delete').window).toEqual({ from: 8, to: 13 })
  expect(spansOf(events, 'after-reread').window).toBeUndefined()
  expect(milestonesOf(events).map(({ what }) => what)).toContain('held before-delete')
})

test('an attempt that was cut short is drawn as far as it went', () => {
  const events = exampleAttempt({ lost: true }).slice(0, 6)
  expect(spansOf(events, 'after-snapshot').window).toBeUndefined()
  expect(milestonesOf(events).at(-1)?.what).toContain('timed out')
})
