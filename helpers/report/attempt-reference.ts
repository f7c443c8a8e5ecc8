/** Names an attempt for the command line of `npa-race replay`, and for links in `report.html`. */
import type { AttemptVerdict } from '../judge/attempt-verdict.ts'
import { isTrial } from '../schedule/schedule.ts'

type Named = Pick<AttemptVerdict, 'attempt' | 'cohort' | 'purpose' | 'number'>

/** Returns the number of an attempt of the subject, or the full name of any other attempt, because its number is not unique. */
export const attemptReference = ({ attempt, cohort, purpose, number }: Named): string =>
  /^subject\b/.test(cohort) && isTrial(purpose) ? String(number) : attempt

/** Returns the fragment of the link to an attempt in `report.html`, e.g. `attempt-3`. */
export const attemptAnchor = (verdict: Named): string =>
  `attempt-${attemptReference(verdict).replaceAll(/[^\w.:-]+/g, '-')}`
