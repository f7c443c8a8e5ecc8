/** A schedule of the user's: a survivor counts if it was exposed, and a loss counts in any case. */
import { describe, expect, test } from 'vitest'
import { exampleAttempt } from './example-attempt.ts'
import { bySchedule, inconclusive, judgedRun, loser, survivor, without } from './example-run.ts'

describe('a user’s schedule', () => {
  const holds = 'open hydrate expire compare hydrate hold:after-snapshot reuse release reply'

  test('whose preconditions were seen counts', () => {
    expect(judgedRun({}, bySchedule(survivor(), holds))).toMatchObject({ verdict: 'pass' })
    expect(judgedRun({}, bySchedule(loser(), holds))).toMatchObject({ verdict: 'fail' })
  })

  test('in which the agent is never held, and the kernel still has the flow, exposes nothing and gives no bound', () => {
    const attempt = exampleAttempt({ purpose: 'no-reuse', lost: false })
    const summary = judgedRun({}, bySchedule(attempt, 'open hydrate compare reply'))
    expect(summary).toMatchObject({ verdict: 'inconclusive' })
    expect(summary.cohorts[1]).toMatchObject({ valid: 0, exposures: 0, lossProbability: { lower: 0, upper: 1 } })
  })

  test('that loses a live flow fails, also without a hold', () => {
    const attempt = exampleAttempt({ purpose: 'no-reuse', lost: true })
    expect(judgedRun({}, bySchedule(attempt, 'open hydrate compare reply'))).toMatchObject({ verdict: 'fail' })
  })

  test('that loses a flow whose delete was not seen is inconclusive', () => {
    expect(judgedRun({}, without(bySchedule(loser(), holds), 'agent.deleted'))).toMatchObject(
      inconclusive('the agent was not seen to delete it'),
    )
  })
})
