/** Computes exact one-sided binomial confidence bounds (Clopper and Pearson 1934). */
import jStat from 'jstat'

function check(lost: number, trials: number, confidence: number): void {
  const whole = Number.isInteger(lost) && Number.isInteger(trials) && lost >= 0 && trials >= 0
  if (!whole || lost > trials) throw new RangeError(`${lost} of ${trials} is not a count of losses in trials`)
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`confidence ${confidence} is not between 0 and 1`)
}

/**
 * Returns the largest probability of loss that is still plausible after `lost` losses in `trials` attempts.
 *
 * @param confidence one-sided, between 0 and 1
 * @returns 1 if there were no trials
 * @throws RangeError if the counts are not whole numbers, or there are more losses than trials
 */
export function upperBound(lost: number, trials: number, confidence = 0.95): number {
  check(lost, trials, confidence)
  return lost === trials ? 1 : jStat.beta.inv(confidence, lost + 1, trials - lost)
}

/** Returns the smallest probability of loss that is still plausible; 0 if nothing was lost. Otherwise like `upperBound`. */
export function lowerBound(lost: number, trials: number, confidence = 0.95): number {
  check(lost, trials, confidence)
  return lost === 0 ? 0 : jStat.beta.inv(1 - confidence, lost, trials - lost + 1)
}

/** Returns how many attempts without a loss are needed to bound the probability of loss at `probability`: (1 - p)^n = 1 - confidence. */
export const attemptsFor = (probability: number, confidence = 0.95): number =>
  Math.ceil(Math.log(1 - confidence) / Math.log(1 - probability))
