/** Makes an attempt that a spec compares with the model. */
import type { Schedule } from '../../helpers/schedule/schedule.ts'
import type { CohortRun } from '../../fixtures/attempt/attempt-runner.ts'

/** A machine that disturbs this many attempts in a row is not suitable. */
const mostAttempts = 3

/** Makes an attempt, and repeats it only if it was invalid: a valid one is never repeated. @returns the first valid attempt, or the last invalid one */
export async function validAttempt(cohortRun: CohortRun, schedule: Schedule): ReturnType<CohortRun['watched']> {
  for (let attempt = 1; ; attempt++) {
    const watched = await cohortRun.watched('model', schedule)
    if (watched.verdict.verdict !== 'invalid' || attempt === mostAttempts) return watched
  }
}
