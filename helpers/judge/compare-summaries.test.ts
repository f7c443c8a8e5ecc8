/** Tests what is said about two runs. */
import { describe, expect, test } from 'vitest'
import { compareLines } from '../report/compare-lines.ts'
import { comparePage } from '../report/page/compare-page.ts'
import { compareSummaries } from './compare-summaries.ts'
import { exampleAttempt, exampleCohort, exampleRun } from './example-attempt.ts'
import { judgeRun } from './judge-run.ts'
import type { Summary } from './summary.ts'

function run(
  agent: string,
  attempts: number,
  lost: boolean,
  window: 'after-snapshot' | 'after-reread' = 'after-snapshot',
): Summary {
  const cohort = exampleCohort({ agent, window, expect: 'survives', iterations: attempts })
  const events = Array.from({ length: attempts }, (_, index) => exampleAttempt({ number: index + 1, lost })).flat()
  return judgeRun({ events: [exampleRun, cohort, ...events], cutShort: false })
}

describe('two runs', () => {
  test.for([
    ['loses less', run('v1', 10, true), run('v2', 10, false)],
    ['loses more', run('v2', 10, false), run('v1', 10, true)],
    ['no difference shown', run('v1', 10, true), run('v2', 10, true)],
    ['no difference shown', run('v1', 1, true), run('v2', 1, false)],
  ] as const)('%s', ([change, before, after]) => {
    expect(compareSummaries(before, after)).toMatchObject({ cohorts: [{ change }], unmatched: [] })
  })

  test('with different windows have nothing in common', () => {
    const { cohorts, unmatched } = compareSummaries(run('v1', 2, true), run('v1', 2, true, 'after-reread'))
    expect(cohorts).toEqual([])
    expect(unmatched).toHaveLength(2)
  })

  test('on different kernels differ in more than the agent', () => {
    const after = { ...run('v2', 10, false), kernel: '5.10.0' }
    expect(compareLines(run('v1', 10, true), after)[1]).toMatch(
      /differ in more than the agent: lab, Linux .* → lab, Linux 5\.10\.0/,
    )
    expect(comparePage(run('v1', 10, true), after)).toContain('differ in more than the agent')
  })

  test('are printed with counts and bounds, and have a page', () => {
    const [before, after] = [run('v1', 10, true), run('v2', 10, false)]
    const text = compareLines(before, after).join('\n')
    expect(text).toContain('verdict: fail → ')
    expect(text).toContain('v1: 10 of 10 attempts lost (10 of 10 flows); probability of loss 74 % to 100 %')
    expect(text).toContain('v2 loses less often than v1')
    expect(comparePage(before, after)).toContain('The second run loses less')
  })
})
