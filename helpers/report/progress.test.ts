import { describe, expect, test } from 'vitest'
import type { HistoryEvent } from '../history/event.ts'
import { exampleAttempt, exampleCohort } from '../judge/example-attempt.ts'
import { ns } from '../units.ts'
import { Progress } from './progress.ts'

const clock = new Date(2026, 0, 1, 12, 0, 0)

function after(events: readonly HistoryEvent[], at: number): string | undefined {
  const progress = new Progress()
  for (const event of events) progress.add(event)
  return progress.line(ns(at), clock)
}

const cohort = exampleCohort({ iterations: 3 })
const begun = exampleAttempt({ number: 2, lost: true }).slice(0, 2)
const { attempt = '', at = ns(0) } = begun[0] ?? {}

describe('progress', () => {
  test('shows attempt, phase, what is awaited until when, losses so far, and the time left', () => {
    const events: HistoryEvent[] = [
      cohort,
      ...exampleAttempt({ lost: true }),
      ...begun,
      { type: 'phase', at, attempt, phase: 2 },
      { type: 'awaiting', at, attempt, what: 'the kernel to time the flows out', until: ns(at + 65e9) },
    ]
    expect(after(events, at)).toMatch(
      /^ reference:alternating: attempt 2 of 3 · phase 2 kernel timeout · 1 of 1 lost so far · awaiting the kernel to time the flows out, until 12:01:05 \(1 min 5 s left\)/,
    )
  })

  test('estimates the time left from the attempts so far', () => {
    const slow = exampleAttempt({ lost: false }).map((event, index, all) =>
      index === all.length - 1 ? { ...event, at: ns((all[0]?.at ?? 0) + 600e9) } : event,
    )
    expect(after([cohort, ...slow, ...begun], at)).toContain('0 of 1 lost so far · about 20 min left for this cohort')
  })

  test('converts the time of an attempt on a node that booted later', () => {
    const progress = new Progress()
    const hour = 3_600e9
    for (const event of [cohort, ...begun]) progress.add(event, ns(event.at + hour))
    progress.add({ type: 'awaiting', at, attempt, what: 'its pass', until: ns(at + 65e9) }, ns(at + hour))
    expect(progress.line(ns(at + hour), clock)).toContain('awaiting its pass, until 12:01:05 (1 min 5 s left)')
  })

  test('is empty between attempts', () => {
    expect(after([cohort, ...exampleAttempt({ lost: true })], 0)).toBeUndefined()
  })

  test('does not treat the late end of an attempt that timed out as the end of the next attempt', () => {
    const [begin] = exampleAttempt({ number: 1, lost: true })
    const late: HistoryEvent = { type: 'attempt.end', at, attempt: begin?.attempt ?? '' }
    expect(after([cohort, ...(begin ? [begin] : []), ...begun, late, late], at)).toContain('attempt 2 of 3')
  })

  test('counts parallel attempts, and the time that they take together', () => {
    const slow = (number: number) =>
      exampleAttempt({ number, lost: number === 2 }).map((event, index, all) =>
        index === all.length - 1 ? { ...event, at: ns((all[0]?.at ?? 0) + 600e9) } : event,
      )
    const [one, two, three] = [slow(1), slow(2), slow(3)]
    const both = one.flatMap((event, index) => [event, ...two.slice(index, index + 1)])
    const rest = two.slice(one.length)
    const wide = exampleCohort({ iterations: 6, parallel: 2 })
    const line = after([wide, ...both, ...rest, ...three.slice(0, 2)], three[0]?.at ?? 0)
    expect(line).toContain('attempt 3 of 6 · 1 of 2 lost so far · about 20 min left for this cohort')
    expect(after([wide, ...both.slice(0, 6)], at)).toContain('attempt 1 of 6 · 1 more in parallel')
  })

  test('does not show what is no longer awaited', () => {
    const events: HistoryEvent[] = [
      cohort,
      ...begun,
      { type: 'awaiting', at, attempt, what: 'a pass', until: ns(at + 1e9) },
    ]
    expect(after(events, at + 2e9)).not.toContain('awaiting')
    const next: HistoryEvent = { type: 'phase', at: ns(at + 1), attempt, phase: 4 }
    expect(after([...events, next], at + 2)).toContain('phase 4 race trigger')
    expect(after([...events, next], at + 2)).not.toContain('awaiting')
  })
})
