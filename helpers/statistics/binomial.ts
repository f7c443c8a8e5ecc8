/** Exact binomial confidence bounds, one-sided (Clopper and Pearson 1934). */
import jStat from 'jstat'

function check(lost: number, trials: number, confidence: number): void {
  const whole = Number.isInteger(lost) && Number.isInteger(trials) && lost >= 0 && trials >= 0
  if (!whole || lost > trials) throw new RangeError(`${lost} of ${trials} is no count of losses in trials`)
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`confidence ${confidence} is not between 0 and 1`)
}

/**
 * The largest probability of loss that `lost` losses in `trials` attempts still leave plausible.
 *
 * @param confidence one-sided, between 0 and 1
 * @returns 1 when nothing was tried
 * @throws RangeError when the counts are no counts
 */
export function upperBound(lost: number, trials: number, confidence = 0.95): number {
  check(lost, trials, confidence)
  return lost === trials ? 1 : jStat.beta.inv(confidence, lost + 1, trials - lost)
}

/** The smallest probability of loss that the counts leave plausible; 0 when nothing was lost. Otherwise as `upperBound`. */
export function lowerBound(lost: number, trials: number, confidence = 0.95): number {
  check(lost, trials, confidence)
  return lost === 0 ? 0 : jStat.beta.inv(1 - confidence, lost, trials - lost + 1)
}

/** How many attempts without a loss bound the probability of loss at `probability`: (1 - p)^n = 1 - confidence. */
export const attemptsFor = (probability: number, confidence = 0.95): number =>
  Math.ceil(Math.log(1 - confidence) / Math.log(1 - probability))
