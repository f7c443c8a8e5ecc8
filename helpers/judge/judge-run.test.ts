import { describe, expect, test } from 'vitest'
import type { CohortEvent, EventOf, HistoryEvent } from '../history/event.ts'
import { readHistory, HistoryError } from '../history/read-history.ts'
import { ns } from '../units.ts'
import { exampleAttempt, exampleCohort, exampleRun } from './example-attempt.ts'
import { judgeRun } from './judge-run.ts'
import { summarySchema, summaryText } from './summary.ts'

interface Example {
  readonly role?: CohortEvent['role']
  readonly expecting: CohortEvent['expect']
  /** Whether each attempt lost. */
  readonly lost: readonly boolean[]
  readonly iterations?: number
}

function cohort({ role = 'subject', expecting, lost, iterations = lost.length }: Example): HistoryEvent[] {
  const begin = exampleCohort({ cohort: role, role, expect: expecting, iterations })
  return [begin, ...lost.flatMap((isLost, index) => exampleAttempt({ cohort: role, number: index + 1, lost: isLost }))]
}

const end: EventOf<'run.end'> = { type: 'run.end', at: ns(9e12), reason: 'passed', failedTests: [], durationMs: 1234 }
const goodControl = cohort({ role: 'control', expecting: 'lost', lost: [true, true] })
const goodSubject = cohort({ expecting: 'survives', lost: [false, false] })
const judged = (...events: readonly HistoryEvent[]) => judgeRun({ events: [exampleRun, ...events], cutShort: false })

describe('the verdict of a run', () => {
  test('pass: control and subject as expected', () => {
    const summary = judged(...goodControl, ...goodSubject, end)
    expect(summary).toMatchObject({ verdict: 'pass', exitCode: 0, because: [], durationMs: 1234 })
    expect(summary.cohorts[1]).toMatchObject({
      attempts: 2,
      valid: 2,
      lostAttempts: 0,
      exposures: 2,
      lossProbability: { lower: 0, upper: expect.closeTo(0.776, 3) as number },
    })
    expect(summarySchema.parse(summary)).toEqual(summary)
  })

  test('fail: one contrary attempt of the subject is enough', () => {
    const summary = judged(...goodControl, ...cohort({ expecting: 'survives', lost: [false, true, false] }), end)
    expect(summary).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      because: ['subject reference:alternating after-snapshot: 1 of 3 attempts lost a live flow'],
    })
  })

  test('fail: a reproducer that did not reproduce', () => {
    expect(judged(...goodControl, ...cohort({ expecting: 'lost', lost: [true, false] }), end)).toMatchObject({
      verdict: 'fail',
    })
  })

  test('fail: a test failed that is not an attempt', () => {
    expect(
      judged(...goodControl, ...goodSubject, { ...end, reason: 'failed', failedTests: ['some test'] }),
    ).toMatchObject({ verdict: 'fail', because: ['a test failed: some test'] })
  })

  test('inconclusive: the control did not behave as expected', () => {
    const control = cohort({ role: 'control', expecting: 'lost', lost: [true, false] })
    expect(judged(...control, ...goodSubject, end)).toMatchObject({ verdict: 'inconclusive', exitCode: 2 })
  })

  test('inconclusive: no control, so a loss might not have been seen', () => {
    expect(judged(...goodSubject, end)).toMatchObject({
      verdict: 'inconclusive',
      because: [expect.stringContaining('no positive control') as string],
    })
  })

  test('pass: a reproducer needs no control, because a loss needs no further proof', () => {
    expect(judged(...cohort({ expecting: 'lost', lost: [true] }), end)).toMatchObject({ verdict: 'pass' })
  })

  test('inconclusive: too few valid attempts', () => {
    const subject = cohort({ expecting: 'survives', lost: [false], iterations: 2 })
    expect(judged(...goodControl, ...subject, end)).toMatchObject({
      verdict: 'inconclusive',
      because: ['subject reference:alternating after-snapshot: only 1 valid attempt; 2 were planned'],
    })
  })

  test('inconclusive: the instrument does not work', () => {
    const blind = {
      type: 'check',
      at: ns(1),
      cohort: 'subject',
      check: 'illegitimate-denied',
      ok: false,
      saw: 'connected',
    } as const
    expect(judged(...goodControl, ...goodSubject, blind, end)).toMatchObject({
      verdict: 'inconclusive',
      because: [expect.stringContaining('the instrument does not work') as string],
    })
  })

  describe('inconclusive: a reproducer seems not to reproduce, and this is not proven', () => {
    const subject = cohort({ expecting: 'lost', lost: [false, false] })

    test('the instrument does not work', () => {
      const saw = { check: 'illegitimate-denied', ok: false, saw: 'connected' } as const
      expect(judged(...subject, { type: 'check', at: ns(1), cohort: 'subject', ...saw }, end)).toMatchObject({
        verdict: 'inconclusive',
        because: [expect.stringContaining('the instrument does not work') as string],
      })
    })

    test('the witnesses disagree', () => {
      const disputed = subject.map((event) =>
        event.type === 'observed' && event.moment === 'passed'
          ? { ...event, map: { present: [], absent: [0] } }
          : event,
      )
      expect(judged(...disputed, end)).toMatchObject({
        verdict: 'inconclusive',
        because: [expect.stringContaining('the witnesses disagree about 2 flows') as string],
      })
    })
  })

  test('inconclusive: the witnesses disagree', () => {
    const subject = goodSubject.filter((event) => event.type !== 'reply.received')
    expect(judged(...goodControl, ...subject, end).because.join()).toMatch(/only 0 valid attempts|disagree/)
  })

  test('inconclusive: the history has no end', () => {
    expect(judged(...goodControl, ...goodSubject)).toMatchObject({
      verdict: 'inconclusive',
      because: ['the history has no end: the run was cut short'],
    })
  })

  test('fail: the subject lost, and the reasons say that the history has no end', () => {
    const lost = [exampleCohort({ expect: 'survives' }), ...exampleAttempt({ lost: true })]
    expect(judged(...goodControl, ...lost)).toMatchObject({
      verdict: 'fail',
      because: ['the history has no end: the run was cut short', expect.stringContaining('1 of 1 attempts lost')],
    })
  })

  test('error: the subject could not be set up', () => {
    const failed = { type: 'run.failed', at: ns(1), during: 'set-up of subject', error: 'no libbpf' } as const
    expect(judged(...goodControl, failed, end)).toMatchObject({
      verdict: 'error',
      exitCode: 3,
      because: ['set-up of subject: no libbpf'],
    })
  })

  test('interrupted', () => {
    expect(judged(...goodControl, { ...end, reason: 'interrupted' })).toMatchObject({
      verdict: 'interrupted',
      exitCode: 130,
    })
  })
})

describe('judging a history', () => {
  const text = [exampleRun, ...goodControl, ...goodSubject, end].map((event) => `${JSON.stringify(event)}\n`).join('')

  test('gives the same bytes each time', () => {
    expect(summaryText(judgeRun(readHistory(text)))).toBe(summaryText(judgeRun(readHistory(text))))
    expect(judgeRun(readHistory(text)).verdict).toBe('pass')
  })

  test('gives a summary without control characters that parses to the same value', () => {
    const summary = { ...judgeRun(readHistory(text)), because: ['\u001b[2J \u009b31m \u007f'] }
    expect(summaryText(summary)).toMatch(/^[\n\P{Cc}]*$/u)
    expect(JSON.parse(summaryText(summary))).toEqual(summary)
  })

  test('that was cut short in a line uses all complete lines', () => {
    const history = readHistory(text.slice(0, -20))
    expect(history.cutShort).toBe(true)
    expect(judgeRun(history)).toMatchObject({
      verdict: 'inconclusive',
      because: ['the history has no end: the run was cut short'],
    })
  })

  test.for(['nonsense', '{"type":"reply.received","at":1', '{"type":"of a later version"}', ''])(
    'with the broken line %j skips the line, and the run does not pass',
    (broken) => {
      const lines = text.split('\n')
      const history = readHistory(
        [...lines.slice(0, 5), broken, ...lines.slice(5, 9), broken, ...lines.slice(9)].join('\n'),
      )
      expect(history).toEqual({ ...readHistory(text), unreadableLines: 2 })
      expect(judgeRun(history)).toMatchObject({
        verdict: 'inconclusive',
        because: ['2 lines of the history cannot be read'],
      })
    },
  )

  test('that shows a loss gives a fail even with a broken line, and reports the line', () => {
    const lost = [exampleRun, ...goodControl, ...cohort({ expecting: 'survives', lost: [true] }), end]
    expect(judgeRun({ events: lost, cutShort: false, unreadableLines: 1 })).toMatchObject({
      verdict: 'fail',
      because: ['1 line of the history cannot be read', expect.stringContaining('1 of 1 attempts lost') as string],
    })
  })

  test('without a valid line fails with the reason', () => {
    expect(() => readHistory('{}\n')).toThrow(HistoryError)
    expect(() => readHistory('nonsense\n')).toThrow('line 1 is not JSON: nonsense')
  })

  test('that does not begin with its run fails', () => {
    expect(() => judgeRun({ events: [end], cutShort: false })).toThrow('does not begin with an event of type "run"')
  })
})
