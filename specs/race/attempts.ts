/** Makes the attempt of a test case. */
import type { TestContext } from 'vitest'
import type { CohortPlan } from '../../helpers/config/cohorts.ts'
import { decide } from '../../helpers/statistics/sequential.ts'
import type { CohortRun } from '../../fixtures/attempt/attempt-runner.ts'
import type { Tally } from '../../fixtures/attempt/tally.ts'
import { expect } from '../../fixtures/test.ts'

/**
 * Returns the numbers of the spare attempts, which replace invalid ones. If the agent is held, there is one for five attempts: if more are
 * invalid, the machine is too disturbed for a verdict. There are at least two, so that a short run survives a hiccup.
 */
export function spareAttempts({ iterations, sequential, trigger }: CohortPlan): number[] {
  if (sequential) return []
  // If the agent is not held, a good reuse hits the window every other time, and may miss it a few times in a row.
  const spares = trigger === 'exact' ? Math.max(2, Math.ceil(iterations / 5)) : 2 * iterations
  return Array.from({ length: spares }, (_, index) => index + 1)
}

/** What an attempt uses of its test case. */
export interface Given extends Pick<TestContext, 'annotate' | 'skip' | 'task'> {
  readonly cohortRun: CohortRun
  readonly tally: Tally
}

/**
 * Makes an attempt, and passes if its outcome is the expected one. An invalid attempt is skipped with its reason, and a spare one replaces it,
 * unless it may have lost. No attempt is retried: one unexpected outcome is a finding.
 *
 * Await it in the spec itself, because vitest places an annotation where the spec's own code is.
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
