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

  test('shows the verdict, its reasons, every attempt, and the command to run it again', () => {
    expect(text).toContain('<strong>PASS</strong>')
    expect(text).toContain('this machine shows the race if an agent has it')
    expect(text.match(/<details class="attempt"/g)).toHaveLength(3)
    expect(text).toContain('race: 1 of 1 replies lost')
    expect(text).toContain('<pre>npx vitest run specs/race</pre>')
  })

  test('begins with the agent, the window and the bound', () => {
    expect(text).toMatch(/<title>PASS: reference:last-seen, after-snapshot: no flow lost in 2 attempts \(at most 78 %/)
  })

  test('folds a control that behaved as expected into one line', () => {
    expect(text).toContain('<summary> ✓ control: 1 of 1 attempts lost live flows, as expected </summary>')
    expect(text.indexOf('<section class="cohort')).toBeLessThan(text.indexOf('<details class="cohort'))
  })

  test('shows step by step how the first lost flow was lost', () => {
    const steps = /<figure class="steps">(.*?)<\/figure>/.exec(text)?.[1] ?? ''
    expect(steps).toContain('<a href="#attempt-control-race-1">attempt 1</a> on control')
    expect(steps.match(/<li>/g)).toHaveLength(6)
    const times = [...steps.matchAll(/([\d.]+) ms/g)].map(([, time]) => Number(time))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  test('names the first lost flow of an attempt, and when its entry was deleted', () => {
    expect(text.match(/Observed: /g)).toHaveLength(1)
    expect(text).toMatch(/Observed: 1 of 1 replies lost \(first: tcp 192\.0\.2\.2:10000 → .* ms after the reuse\)\./)
  })

  test('has a link to each attempt, the command that repeats it, and links to the evidence', () => {
    expect(text).toContain('href="#attempt-2"')
    expect(text).toContain('npx npa-race replay . --attempt 2')
    expect(text).toContain('href="history.jsonl"')
  })

  test('has a table of all cohorts', () => {
    const rows = [...text.matchAll(/<th scope="row">(reference:[^<]*)<\/th>(.*?)<\/tr>/g)]
    expect(
      rows.map(([, agent, cells = '']) => `${agent} ${cells.replaceAll(/<svg.*/g, '').replaceAll(/<[^>]*>/g, ' ')}`),
    ).toEqual([
      expect.stringMatching(/^reference:last-seen +after-snapshot +subject +✓ as expected +0 of 2 +0 of 2/),
      expect.stringMatching(/^reference:alternating +after-snapshot +control +✓ as expected +1 of 1 +1 of 1/),
    ])
  })

  test('shows how close the reuse came to the look if the flow survived', () => {
    expect(text).toContain('Near misses: 2 exposed flows survived. The closest reuse began 2 ms')
  })

  test('escapes names', () => {
    expect(text).toContain('&lt;b&gt;client&lt;/b&gt;')
    expect(text).not.toContain('<b>client</b>')
  })

  test('loads nothing from the network', () => {
    expect(text.replaceAll(/href="(#[\w-]+|history\.jsonl|summary\.json)"/g, '')).not.toMatch(
      /\b(src|href)=|@import|url\(/,
    )
  })
})

test('the error of predicted passes is printed and drawn', () => {
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
  expect(text).toContain('error of the predicted passes: median 1.5 ms, p95 1.5 ms; 0 of 2 attempts hit the window')
  expect(text).toContain('Error of the predicted passes: 2 values')
  expect(text).toContain('next compare pass is predicted to take 10 ms')
})

test('a run without an attempt has a page', () => {
  expect(page([exampleRun, end])).toContain('INCONCLUSIVE')
})
