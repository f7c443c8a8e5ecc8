/**
 * The race with the timing of production: the kernel forgets established flows after three minutes, and the agent's own timer has a period of
 * five minutes. Each of the five attempts takes up to ten minutes, because a flow that expires after one compare pass has to wait for the next.
 * The control uses the normal, short timing. Run this with `--tags-filter production`.
 */
import { seconds } from '../../helpers/units.ts'
import { attemptTimeout } from '../../fixtures/attempt/attempt-timeout.ts'
import { cohorts, describe, test } from '../../fixtures/test.ts'
import { raceAttempt } from './attempts.ts'
import { instrumentChecks, lastPassIsOver } from './controls.ts'

/** The original reproducer's figures for production. */
const production = {
  expiry: 'natural',
  passes: 'own',
  kernelTimeout: seconds(180),
  cleanupPeriod: seconds(300),
  iterations: 5,
  connections: 100,
} as const

for (const cohort of cohorts) {
  // In one run with race.spec.ts, the cohorts of the two files need different names.
  const id = `${cohort.id}, production timing`
  const plan = cohort.role === 'subject' ? { ...cohort, ...production, id } : { ...cohort, id }
  describe(`${plan.role}, production timing`, { tags: [plan.on, 'production'], ...attemptTimeout(plan) }, () => {
    test.override('cohort', plan)
    instrumentChecks()
    test.for(Array.from({ length: plan.iterations }, (_, index) => index + 1))(
      'attempt %i',
      { concurrent: plan.parallel > 1 },
      async (_, { annotate, cohortRun, skip, tally, task }) => {
        await raceAttempt(plan, { annotate, cohortRun, skip, tally, task })
      },
    )
    lastPassIsOver(plan)
  })
}
