import { describe, expect, test } from 'vitest'
import type { HistoryEvent } from '../../history/event.ts'
import { exampleAttempt, exampleCohort, exampleRun } from '../../judge/example-attempt.ts'
import { judgeRun } from '../../judge/judge-run.ts'
import { ns } from '../../units.ts'
import { reportPage } from './page.ts'

function page(events: readonly HistoryEvent[]): string {
  const history = { events, cutShort: false }
  return reportPage(history, judgeRun(history)).replaceAll(/\s+/g, ' ')
}

const end: HistoryEvent = { type: 'run.end', at: ns(9e12), reason: 'passed', failedTests: [], durationMs: 1 }
const run: HistoryEvent = { ...exampleRun, config: { client_pod: '<b>client</b>' } }

describe('the page of a run', () => {
  const text = page([
    run,
    exampleCohort({ cohort: 'control', role: 'control' }),
    ...exampleAttempt({ cohort: 'control', lost: true }),
    exampleCohort({ agent: 'reference:last-seen', expect: 'survives', iterations: 2 }),
    ...exampleAttempt({ lost: false }),
    ...exampleAttempt({ number: 2, lost: false }),
    end,
  ])

  test('has the verdict, its argument, every attempt, and how to run it again', () => {
    expect(text).toContain('<strong>PASS</strong>')
    expect(text).toContain('this machine shows the race when it is there')
    expect(text.match(/<details/g)).toHaveLength(3)
    expect(text).toContain('race: 1 of 1 replies lost')
    expect(text).toContain('<pre>npx vitest run specs/race</pre>')
  })

  test('has all cohorts at a glance', () => {
    const rows = [...text.matchAll(/<th scope="row">(reference:[^<]*)<\/th>(.*?)<\/tr>/g)]
    expect(
      rows.map(([, agent, cells = '']) => `${agent} ${cells.replaceAll(/<svg.*/g, '').replaceAll(/<[^>]*>/g, ' ')}`),
    ).toEqual([
      expect.stringMatching(/^reference:alternating +after-snapshot +control +✓ as expected +1 of 1 +1 of 1/),
      expect.stringMatching(/^reference:last-seen +after-snapshot +subject +✓ as expected +0 of 2 +0 of 2/),
    ])
  })

  test('tells how close the reuse came in what survived', () => {
    expect(text).toContain('Near misses: 2 exposures survived; the closest reuse began 2 ms')
  })

  test('escapes what others have named', () => {
    expect(text).toContain('&lt;b&gt;client&lt;/b&gt;')
    expect(text).not.toContain('<b>client</b>')
  })

  test('loads nothing', () => {
    expect(text).not.toMatch(/\b(src|href)=|@import|url\(/)
  })
})

test('a predicted pass is told with its error, and the errors are drawn', () => {
  const attempts = [1, 2].flatMap((number) => {
    const [begin, ...rest] = exampleAttempt({ number, lost: true })
    if (!begin) return []
    const { attempt, at } = begin
    const seen = { at: ns(at + 1), attempt }
    return [
      begin,
      { type: 'agent.predicted' as const, ...seen, begins: ns(at + 2e6), takesMs: 10 },
      { type: 'agent.dump-began' as const, attempt, at: ns(at + 3.5e6) },
      ...rest,
    ]
  })
  const text = page([exampleRun, exampleCohort({ iterations: 2, trigger: 'predicted' }), ...attempts, end])
  expect(text).toContain('Compare passes came 1.5 ms off their prediction (median; p95 1.5 ms)')
  expect(text).toContain('How far a pass was off its prediction: 2 values')
  expect(text).toContain('its next compare pass is predicted to take 10 ms')
})

test('a run without an attempt has a page', () => {
  expect(page([exampleRun, end])).toContain('INCONCLUSIVE')
})
