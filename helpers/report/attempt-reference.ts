/** How an attempt is named on the command line of `npa-race replay`, and in a link to the page of its run. */
import type { AttemptVerdict } from '../judge/attempt-verdict.ts'
import { isTrial } from '../schedule/schedule.ts'

type Named = Pick<AttemptVerdict, 'attempt' | 'cohort' | 'purpose' | 'number'>

/** @returns the number of one of the subject's attempts; the whole name of any other, because others have the same numbers */
export const attemptReference = ({ attempt, cohort, purpose, number }: Named): string =>
  /^subject\b/.test(cohort) && isTrial(purpose) ? String(number) : attempt

/** @returns the fragment of its link in `report.html`, e.g. `attempt-3` */
export const attemptAnchor = (verdict: Named): string =>
  `attempt-${attemptReference(verdict).replaceAll(/[^\w.:-]+/g, '-')}`
