/** An attempt that a spec compares with the model. */
import type { Schedule } from '../../helpers/schedule/schedule.ts'
import type { CohortRun } from '../../fixtures/attempt/attempt-runner.ts'

/** On a machine that is disturbed this often in a row nothing can be shown. */
const mostAttempts = 3

/** One that showed nothing is made up for by another; one that showed something is never made again. */
export async function shownAttempt(cohortRun: CohortRun, schedule: Schedule): ReturnType<CohortRun['watched']> {
  for (let attempt = 1; ; attempt++) {
    const watched = await cohortRun.watched('model', schedule)
    if (watched.verdict.verdict !== 'invalid' || attempt === mostAttempts) return watched
  }
}
