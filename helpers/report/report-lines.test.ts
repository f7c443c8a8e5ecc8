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

describe('the last lines of the terminal', () => {
  test('of a pass give a bound, and never say that there is no race', () => {
    const text = lines({ expect: 'survives', lost: false })
    expect(text).toContain(
      'PASS  The control lost flows in every attempt, so this machine shows the race if an agent has it.',
    )
    expect(text).toContain(
      'lost no flow in 1 attempt (1 exposure; flows of one attempt are lost or kept together). With 95 % confidence, it loses flows in at most 95 % of such attempts under this timing. The control lost flows in 1 of 1.',
    )
    expect(text).toContain('RACE_ITERATIONS=59 gives 5 %, 299 gives 1 %.')
    expect(text).not.toMatch(/eliminated|about 0/)
  })

  test('of a fail say that the race is there', () => {
    const text = lines({ expect: 'survives', lost: true })
    expect(text).toMatch(/✗ reference:last-seen .* 1 of 1 attempts lost +1\/1 flows/)
    expect(text).toContain('FAIL')
    expect(text).toContain('RACE REPRODUCED')
  })

  test('of a reproducer say this too, and pass', () => {
    expect(lines({ expect: 'lost', lost: true })).toMatch(/PASS[^]*RACE REPRODUCED/)
  })
})

describe('the lines during the run', () => {
  const events = [
    exampleCohort({ iterations: 2 }),
    ...exampleAttempt({ lost: true }),
    ...exampleAttempt({ number: 2, lost: true }),
  ]
  const linesOf = (verbose: boolean): string[] => {
    const story = new Story({ verbose })
    return events.flatMap((event) => story.linesFor(event))
  }

  test("show the phases of a cohort's first attempt, and one line for each other attempt", () => {
    const text = linesOf(false)
    expect(text.filter((line) => line.includes('the agent is held'))).toHaveLength(1)
    expect(text.filter((line) => line.includes('RACE, 1 of 1 replies lost'))).toHaveLength(2)
  })

  /** Two parallel attempts, whose events alternate. */
  const [cohort, one, other] = [
    exampleCohort({ iterations: 2 }),
    exampleAttempt({ lost: true }),
    exampleAttempt({ number: 2, lost: true }),
  ]
  const sideBySide = [cohort, ...one.flatMap((event, index) => [event, ...other.slice(index, index + 1)])]

  test('show the phases of only one of several parallel attempts', () => {
    const story = new Story({ verbose: false })
    const text = sideBySide.flatMap((event) => story.linesFor(event))
    expect(text.filter((line) => line.includes('the agent is held'))).toHaveLength(1)
    expect(text.filter((line) => line.includes('RACE, 1 of 1 replies lost'))).toHaveLength(2)
  })

  test('name the attempt of each event if attempts run in parallel and the output is verbose', () => {
    const story = new Story({ verbose: true })
    const text = sideBySide.flatMap((event) => story.linesFor(event))
    for (const which of ['#1', '#2'])
      expect(text.some((line) => line.includes(which) && line.includes('reply'))).toBe(true)
  })

  test('show every event with its flow if the output is verbose', () => {
    const text = linesOf(true)
    expect(
      text.filter((line) =>
        line.includes('client: first connection established  tcp 192.0.2.2:10000 → 198.51.100.2:8080'),
      ),
    ).toHaveLength(2)
  })

  test('say that an attempt may have lost if its outcome was not seen', () => {
    const story = new Story({ verbose: false })
    const unasked = [exampleCohort(), ...exampleAttempt({ lost: true })].filter(
      ({ type }) => type !== 'client.observed',
    )
    expect(unasked.flatMap((event) => story.linesFor(event)).at(-1)).toContain(
      'attempt 1 of 1: MAY HAVE LOST, the client was not asked (1 of 1 flows)',
    )
    const unheld = [exampleCohort(), ...exampleAttempt({ lost: false })].filter(({ type }) => type !== 'agent.held')
    expect(unheld.flatMap((event) => story.linesFor(event)).at(-1)).toContain(
      'attempt 1 of 1: INVALID, the agent was not held',
    )
  })

  test('show the measurements of an agent that was not held', () => {
    const attempt = 'subject window 1'
    const at = (ms: number) => ns(ms * 1e6)
    const [begin] = exampleAttempt({ lost: true })
    if (begin?.type !== 'attempt.begin') throw new Error('the example has a beginning')
    const measured: HistoryEvent[] = [
      { ...begin, at: at(0), attempt, purpose: 'window' },
      { type: 'agent.dump-began', at: at(5), attempt },
      { type: 'agent.snapshot', at: at(8), attempt, stopped: false },
      { type: 'agent.deleted', at: at(10), attempt, flow: 0, result: 0 },
      { type: 'attempt.end', at: at(11), attempt },
    ]
    const story = new Story({ verbose: false })
    expect([exampleCohort(), ...measured].flatMap((event) => story.linesFor(event)).at(-1)).toBe(
      '   measurement 1, agent not held: dump 3 ms, after-snapshot 2 ms',
    )
  })
})
