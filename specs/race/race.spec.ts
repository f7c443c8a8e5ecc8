/**
 * Finds out whether the agent loses a live flow whose 5-tuple is reused in the window of its cleanup.
 *
 * Each attempt is one test case. Without any configuration there are two cohorts: a control that is known to lose, and the released fix.
 */
import type { TestTags } from 'vitest'
import { agentName } from '../../helpers/config/agent-spec.ts'
import { scheduleText } from '../../helpers/schedule/schedule.ts'
import { attemptTimeout } from '../../fixtures/attempt/attempt-timeout.ts'
import { cohorts, describe, test } from '../../fixtures/test.ts'
import { raceAttempt, spareAttempts } from './attempts.ts'
import { cohortControls, instrumentChecks, lastPassIsOver, staleEntriesAreDeleted } from './controls.ts'

for (const plan of cohorts) {
  const timeout = attemptTimeout(plan)
  const tags: TestTags['tags'][] = [
    plan.on,
    // An attempt that does not wait for a timer takes milliseconds.
    ...(timeout ? [] : (['short'] as const)),
    plan.flow === 'udp-request' ? 'udp' : 'tcp',
    ...(plan.ip === 6 ? (['ipv6'] as const) : []),
  ]
  describe(
    `${plan.role} ${agentName(plan.agent)} · ${plan.flow} · IPv${plan.ip} · expecting ${plan.expect} · ${scheduleText(plan.schedule)}`,
    { tags, ...timeout },
    () => {
      test.override('cohort', plan)
      // With natural expiry and the agent's own timer, an unused live flow can expire before the next pass. Its entry is then rightly deleted.
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
