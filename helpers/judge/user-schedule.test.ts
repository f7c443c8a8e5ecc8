/** Tests a user's own schedule: a surviving flow counts only if it was exposed, and a lost flow always counts. */
import { describe, expect, test } from 'vitest'
import { exampleAttempt } from './example-attempt.ts'
import { bySchedule, inconclusive, judgedRun, loser, survivor, without } from './example-run.ts'

describe('an attempt with a user’s schedule', () => {
  const holds = 'open hydrate expire compare hydrate hold:after-snapshot reuse release reply'

  test('counts if its preconditions were seen', () => {
    expect(judgedRun({}, bySchedule(survivor(), holds))).toMatchObject({ verdict: 'pass' })
    expect(judgedRun({}, bySchedule(loser(), holds))).toMatchObject({ verdict: 'fail' })
  })

  test('exposes nothing and gives no bound if the agent is never held and the kernel still has the flow', () => {
    const attempt = exampleAttempt({ purpose: 'no-reuse', lost: false })
    const summary = judgedRun({}, bySchedule(attempt, 'open hydrate compare reply'))
    expect(summary).toMatchObject({ verdict: 'inconclusive' })
    expect(summary.cohorts[1]).toMatchObject({ valid: 0, exposures: 0, lossProbability: { lower: 0, upper: 1 } })
  })

  test('fails if it loses a live flow, even without a hold', () => {
    const attempt = exampleAttempt({ purpose: 'no-reuse', lost: true })
    expect(judgedRun({}, bySchedule(attempt, 'open hydrate compare reply'))).toMatchObject({ verdict: 'fail' })
  })

  test('is inconclusive if it loses a flow and the delete was not seen', () => {
    expect(judgedRun({}, without(bySchedule(loser(), holds), 'agent.deleted'))).toMatchObject(
      inconclusive('the agent was not seen to delete it'),
    )
  })
})
