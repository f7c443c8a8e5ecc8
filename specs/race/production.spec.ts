/**
 * The race with the timing of production: established flows time out after three minutes, the agent's own timer comes round in five.
 * Five attempts of ten minutes each: a flow that outlives the next compare pass waits for the one after it. Run with
 * `--tags-filter production`. The control needs no patience.
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
  // Beside race.spec.ts in one run, its attempts have names of their own.
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
