/**
 * The main job: does this agent lose a live flow whose 5-tuple is reused in the window of its cleanup?
 *
 * Each test case makes one attempt. Without a configuration there are two cohorts: a control that is known to lose, and the released fix.
 * `--tags-filter production` repeats the job with the timing of production. It is in this file, because a second file would start a second
 * worker in every run.
 */
import type { TestTags } from 'vitest'
import { agentName } from '../../helpers/config/agent-spec.ts'
import { scheduleText } from '../../helpers/schedule/schedule.ts'
import { seconds } from '../../helpers/units.ts'
import { attemptTimeout } from '../../fixtures/attempt/attempt-timeout.ts'
import { cohorts, describe, test } from '../../fixtures/test.ts'
import { raceAttempt, spareAttempts } from './attempts.ts'
import { cohortControls, instrumentChecks, lastPassIsOver, staleEntriesAreDeleted } from './controls.ts'

for (const plan of cohorts) {
  const timeout = attemptTimeout(plan)
  const tags: TestTags['tags'][] = [
    plan.on,
    // An attempt that waits for no timer takes milliseconds.
    ...(timeout ? [] : (['short'] as const)),
    plan.flow === 'udp-request' ? 'udp' : 'tcp',
    ...(plan.ip === 6 ? (['ipv6'] as const) : []),
  ]
  describe(
    `${plan.role} ${agentName(plan.agent)} · ${plan.flow} · IPv${plan.ip} · expecting ${plan.expect} · ${scheduleText(plan.schedule)}`,
    { tags, ...timeout },
    () => {
      test.override('cohort', plan)
      // If flows expire naturally within a pass of the agent's own timer, a flow that is unused for that long is lost by right.
      const expiresInPass = plan.passes === 'own' && plan.expiry === 'natural'
      if (plan.trigger === 'exact' && !expiresInPass) cohortControls()
      else instrumentChecks()
      if (plan.trigger === 'exact' && expiresInPass) staleEntriesAreDeleted()
      test.for(Array.from({ length: plan.iterations }, (_, index) => index + 1))(
        'attempt %i',
        { concurrent: plan.parallel > 1 },
        async (_, { annotate, cohortRun, skip, tally, task }) => {
          await raceAttempt(plan, { annotate, cohortRun, skip, tally, task })
        },
      )
      test.for(spareAttempts(plan))(
        'spare attempt %i, for an invalid one',
        async (_, { annotate, cohortRun, skip, tally, task }) => {
          await raceAttempt(plan, { annotate, cohortRun, skip, tally, task }, 'spare')
        },
      )
      lastPassIsOver(plan)
    },
  )
}

/**
 * The original reproducer's figures for production: established flows time out after three minutes, and the agent's own timer has a period of
 * five. Each of the five attempts takes ten minutes, because a flow that outlives the next compare pass waits for the one after it.
 */
const production = {
  expiry: 'natural',
  passes: 'own',
  kernelTimeout: seconds(180),
  cleanupPeriod: seconds(300),
  iterations: 5,
  connections: 100,
} as const

for (const cohort of cohorts) {
  // Attempts have unique names in a run that makes both.
  const id = `${cohort.id}, production timing`
  // The control loses with any timing.
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
