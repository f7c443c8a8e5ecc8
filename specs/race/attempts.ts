/** The body of an attempt's test case. */
import type { TestContext } from 'vitest'
import type { CohortPlan } from '../../helpers/config/cohorts.ts'
import { decide } from '../../helpers/statistics/sequential.ts'
import type { CohortRun } from '../../fixtures/attempt/attempt-runner.ts'
import type { Tally } from '../../fixtures/attempt/tally.ts'
import { expect } from '../../fixtures/test.ts'

/**
 * With the agent held, at most one attempt in five may be made up for: where more are invalid, the machine is too disturbed for a verdict.
 * At least two, so that a short run survives a hiccup.
 */
export function spareAttempts({ iterations, sequential, trigger }: CohortPlan): number[] {
  if (sequential) return []
  // Where nobody holds the agent, a reuse that hits the window every other time is a good one, and a few times in a row it may not.
  const spares = trigger === 'exact' ? Math.max(2, Math.ceil(iterations / 5)) : 2 * iterations
  return Array.from({ length: spares }, (_, index) => index + 1)
}

/** What an attempt is given of its test case. */
export interface Given extends Pick<TestContext, 'annotate' | 'skip' | 'task'> {
  readonly cohortRun: CohortRun
  readonly tally: Tally
}

/**
 * Makes an attempt, and passes when it is as expected. An invalid attempt is skipped with its reason, and a spare one makes up for
 * it, unless it may have lost. Never retried: one contrary attempt is a finding.
 *
 * To be awaited in the spec itself: an annotation is placed where the spec's own code is.
 */
export async function raceAttempt(
  plan: CohortPlan,
  { annotate, cohortRun, skip, tally, task }: Given,
  kind: 'planned' | 'spare' = 'planned',
): Promise<void> {
  if (kind === 'spare') {
    if (tally.invalid === 0) return skip('not needed: every attempt was valid')
    tally.invalid--
  }
  if (plan.sequential && decide(plan.sequential, tally.contrary, tally.valid))
    return skip(`not needed: the evidence was enough after ${tally.valid} attempts`)
  const verdict = await cohortRun.attempt(plan.purpose, plan.schedule)
  task.meta.judged = true
  if (verdict.verdict === 'invalid') {
    // A spare attempt must not replace one that may have lost.
    if (!verdict.mayHaveLost) tally.invalid++
    const why = `${verdict.mayHaveLost ? 'may have lost' : 'invalid'}: ${verdict.reason} (${verdict.detail})`
    // JUnit files drop why a test was skipped, and keep annotations.
    await annotate(why, 'warning')
    return skip(why)
  }
  tally.valid++
  if (verdict.verdict !== (plan.expect === 'lost' ? 'lost' : 'survived')) tally.contrary++
  if (plan.expect === 'lost') expect(verdict).toLoseAFlow()
  else expect(verdict).toKeepEveryFlow()
}
