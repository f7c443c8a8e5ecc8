/** Tests the first sentence about a run. */
import { expect, test } from 'vitest'
import { exampleAttempt, exampleCohort, exampleRun } from '../judge/example-attempt.ts'
import { judgeRun } from '../judge/judge-run.ts'
import { headline } from './headline.ts'

const titleOf = (agent: string, ...lost: readonly boolean[]): string => {
  const attempts = lost.flatMap((isLost, index) => exampleAttempt({ number: index + 1, lost: isLost }))
  const cohort = exampleCohort({ agent, expect: 'survives', iterations: lost.length })
  return headline(judgeRun({ events: [exampleRun, cohort, ...attempts], cutShort: false })).title
}

test.for<[agent: string, lost: boolean[], title: RegExp]>([
  ['npa:v1.4.1', [true, false], /^npa:v1\.4\.1, after-snapshot: 1 of 2 attempts lost live flows$/],
  ['npa:v1.4.3', [false], /^npa:v1\.4\.3, after-snapshot: no flow lost in 1 attempt \(at most 95 % of such attempts/],
  ['npa:v1.4.3', [], /^No attempt on the agent was valid$/],
])('%s, lost: %j', ([agent, lost, title]) => {
  expect(titleOf(agent, ...lost)).toMatch(title)
})
