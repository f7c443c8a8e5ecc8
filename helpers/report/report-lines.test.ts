import { describe, expect, test } from 'vitest'
import type { HistoryEvent } from '../history/event.ts'
import { exampleAttempt, exampleCohort, exampleRun } from '../judge/example-attempt.ts'
import { judgeRun } from '../judge/judge-run.ts'
import { ns } from '../units.ts'
import { Story } from './story-lines.ts'
import { summaryLines } from './summary-lines.ts'

const end: HistoryEvent = { type: 'run.end', at: ns(9e12), reason: 'passed', failedTests: [], durationMs: 1 }

function lines(subject: { expect: 'survives' | 'lost'; lost: boolean }): string {
  const events: HistoryEvent[] = [
    exampleRun,
    exampleCohort({ cohort: 'control', role: 'control' }),
    ...exampleAttempt({ cohort: 'control', lost: true }),
    exampleCohort({ agent: 'reference:last-seen', expect: subject.expect }),
    ...exampleAttempt({ lost: subject.lost }),
    end,
  ]
  return summaryLines(judgeRun({ events, cutShort: false }), 'results/latest').join('\n')
}

describe('the last lines', () => {
  test('of a pass bound what could still be there, and never say that it is not', () => {
    const text = lines({ expect: 'survives', lost: false })
    expect(text).toContain('PASS  The control lost in every attempt: this machine shows the race when it is there.')
    expect(text).toContain(
      'lost nothing in 1 attempt (1 exposure; those of one attempt share their fate): with 95 % confidence it loses in at most 95 % of such windows, under this timing; the control was caught in 1 of 1.',
    )
    expect(text).toContain('RACE_ITERATIONS=59 gives 5 %, 299 gives 1 %.')
    expect(text).not.toMatch(/eliminated|about 0/)
  })

  test('of a fail say that the race is there', () => {
    const text = lines({ expect: 'survives', lost: true })
    expect(text).toMatch(/✗ reference:last-seen .* 1 of 1 attempts lost +1\/1 flows/)
    expect(text).toContain('FAIL')
    expect(text).toContain('THE RACE IS THERE')
  })

  test('of a reproducer say so too, and pass', () => {
    expect(lines({ expect: 'lost', lost: true })).toMatch(/PASS[^]*THE RACE IS THERE/)
  })
})

describe('the story', () => {
  const events = [
    exampleCohort({ iterations: 2 }),
    ...exampleAttempt({ lost: true }),
    ...exampleAttempt({ number: 2, lost: true }),
  ]
  const told = (verbose: boolean): string[] => {
    const story = new Story({ verbose })
    return events.flatMap((event) => story.tell(event))
  }

  test("tells what was seen in a cohort's first attempt, then a line each", () => {
    const text = told(false)
    expect(text.filter((line) => line.includes('the agent is held'))).toHaveLength(1)
    expect(text.filter((line) => line.includes('RACE, 1 of 1 replies lost'))).toHaveLength(2)
  })

  /** Two attempts side by side, event by event. */
  const [cohort, one, other] = [
    exampleCohort({ iterations: 2 }),
    exampleAttempt({ lost: true }),
    exampleAttempt({ number: 2, lost: true }),
  ]
  const sideBySide = [cohort, ...one.flatMap((event, index) => [event, ...other.slice(index, index + 1)])]

  test('of attempts side by side tells the phases of one', () => {
    const story = new Story({ verbose: false })
    const text = sideBySide.flatMap((event) => story.tell(event))
    expect(text.filter((line) => line.includes('the agent is held'))).toHaveLength(1)
    expect(text.filter((line) => line.includes('RACE, 1 of 1 replies lost'))).toHaveLength(2)
  })

  test('of attempts side by side says which one it is when it is to be verbose', () => {
    const story = new Story({ verbose: true })
    const text = sideBySide.flatMap((event) => story.tell(event))
    for (const which of ['#1', '#2'])
      expect(text.some((line) => line.includes(which) && line.includes('reply'))).toBe(true)
  })

  test('tells every event with its flow when it is to be verbose', () => {
    const text = told(true)
    expect(
      text.filter((line) => line.includes('client: first connections stand  tcp 192.0.2.2:10000 → 198.51.100.2:8080')),
    ).toHaveLength(2)
  })

  test('says that an attempt may have lost if its outcome was not seen', () => {
    const story = new Story({ verbose: false })
    const unasked = [exampleCohort(), ...exampleAttempt({ lost: true })].filter(
      ({ type }) => type !== 'client.observed',
    )
    expect(unasked.flatMap((event) => story.tell(event)).at(-1)).toContain(
      'attempt 1 of 1: MAY HAVE LOST, the client was not asked (1 of 1 flows)',
    )
    const unheld = [exampleCohort(), ...exampleAttempt({ lost: false })].filter(({ type }) => type !== 'agent.held')
    expect(unheld.flatMap((event) => story.tell(event)).at(-1)).toContain(
      'attempt 1 of 1: INVALID, the agent was not held',
    )
  })

  test('tells what was measured of an agent that was not held', () => {
    const attempt = 'subject window 1'
    const at = (ms: number) => ns(ms * 1e6)
    const [begin] = exampleAttempt({ lost: true })
    if (begin?.type !== 'attempt.begin') throw new Error('an attempt begins so')
    const measured: HistoryEvent[] = [
      { ...begin, at: at(0), attempt, purpose: 'window' },
      { type: 'agent.dump-began', at: at(5), attempt },
      { type: 'agent.snapshot', at: at(8), attempt, stopped: false },
      { type: 'agent.deleted', at: at(10), attempt, flow: 0, result: 0 },
      { type: 'attempt.end', at: at(11), attempt },
    ]
    const story = new Story({ verbose: false })
    expect([exampleCohort(), ...measured].flatMap((event) => story.tell(event)).at(-1)).toBe(
      '   measured 1, not held: dump 3 ms, after-snapshot 2 ms',
    )
  })
})
