/** Tests the summary of the gate's job. */
import { expect, test } from 'vitest'
import { exampleAttempt, exampleCohort, exampleRun } from '../judge/example-attempt.ts'
import { judgeRun } from '../judge/judge-run.ts'
import { jobSummary, type WindowRun } from './job-summary.ts'

function windowRun(agent: string, ...lost: readonly boolean[]): WindowRun {
  const attempts = lost.flatMap((isLost, index) => exampleAttempt({ number: index + 1, lost: isLost }))
  const cohort = exampleCohort({ agent, expect: 'survives', iterations: lost.length })
  const summary = judgeRun({ events: [exampleRun, cohort, ...attempts], cutShort: false })
  return { window: 'after-snapshot', exitCode: lost.includes(true) ? 1 : 0, summary }
}

const noAttempt: WindowRun = { window: 'after-reread', exitCode: 3, summary: undefined }

test('the verdict comes first, then a line for each window', () => {
  const lines = jobSummary([windowRun('npa:agent', true, false), noAttempt], 'race-results').split('\n')
  expect(lines[0]).toBe('## Conntrack race: FAIL')
  expect(lines).toContainEqual(
    expect.stringMatching(/^\| after-snapshot \| fail \| 1 of 2 \| \d+ of \d+ \| npa:agent, after-snapshot: 1 of 2/),
  )
  expect(lines).toContain('| after-reread | error | 0 of 0 | 0 of 0 | The run ended before its first attempt |')
  expect(lines).toContain('RACE_AGENT=npa:../my-checkout RACE_WINDOW=after-snapshot npx vitest run specs/race')
  expect(lines.some((line) => line.startsWith('The artifact `race-results` has a report'))).toBe(true)
})

test('a run that passes has no reasons, and no command to repeat it', () => {
  const text = jobSummary([windowRun('npa:agent', false)], 'race-results')
  expect(text).toMatch(/^## Conntrack race: PASS\n\n✅/)
  expect(text).not.toContain('npx vitest')
})

test('texts of the agent cannot add markup', () => {
  const text = jobSummary([windowRun('npa:`x`|<img src=x>\n# [PASS](https://example.org)\u001b[31m', true)], 'r')
  expect(text).not.toMatch(/<img|[^\\]\[PASS|^# /m)
  expect(text).not.toContain('\u001b')
  expect(text).toContain(String.raw`npa:\`x\`\|&lt;img src=x&gt; \# \[PASS\](https://example.org)`)
})
