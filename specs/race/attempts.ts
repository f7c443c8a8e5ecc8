/** The body of the test case of one attempt. */
import type { TestContext } from 'vitest'
import type { CohortPlan } from '../../helpers/config/cohorts.ts'
import { decide } from '../../helpers/statistics/sequential.ts'
import type { CohortRun } from '../../fixtures/attempt/attempt-runner.ts'
import type { Tally } from '../../fixtures/attempt/tally.ts'
import { expect } from '../../fixtures/test.ts'

/**
 * Numbers the spare attempts of a cohort: each can replace one invalid attempt. If the agent is held, at most one attempt in five can be
 * replaced, because a machine that makes more of them invalid is too disturbed for a verdict. There are at least two, so that a short disturbance
 * does not spoil a short run.
 */
export function spareAttempts({ iterations, sequential, trigger }: CohortPlan): number[] {
  if (sequential) return []
  // If the agent is not held, even a good prediction hits the window only every other time, and may miss it a few times in a row.
  const spares = trigger === 'exact' ? Math.max(2, Math.ceil(iterations / 5)) : 2 * iterations
  return Array.from({ length: spares }, (_, index) => index + 1)
}

/** What an attempt uses of its test case. */
export interface AttemptContext extends Pick<TestContext, 'annotate' | 'skip' | 'task'> {
  readonly cohortRun: CohortRun
  readonly tally: Tally
}

/**
 * Makes an attempt; the test case passes if its verdict is the expected one. An invalid attempt is skipped with its reason, and a spare attempt
 * replaces it, unless the invalid one may have lost a flow. It is never retried, because one contrary attempt is a finding.
 *
 * Await this in the spec itself, so that an annotation has the position of the spec's code.
 */
export async function raceAttempt(
  plan: CohortPlan,
  { annotate, cohortRun, skip, tally, task }: AttemptContext,
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
    // A JUnit file does not have the reason of a skipped test, but it has annotations.
    await annotate(why, 'warning')
    return skip(why)
  }
  tally.valid++
  if (verdict.verdict !== (plan.expect === 'lost' ? 'lost' : 'survived')) tally.contrary++
  if (plan.expect === 'lost') expect(verdict).toLoseAFlow()
  else expect(verdict).toKeepEveryFlow()
}
