/** Computes exact confidence bounds of the mean of a Poisson distribution (Garwood 1936). */
import jStat from 'jstat'

export interface PoissonBounds {
  readonly lower: number
  readonly upper: number
}

/**
 * Returns the bounds.
 *
 * @param count the observed count
 * @param confidence two-sided, between 0 and 1
 * @throws RangeError if `count` is not a whole number, or negative
 */
export function poissonBounds(count: number, confidence = 0.95): PoissonBounds {
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError(`${count} is not a count: it must be a whole number, 0 or more`)
  const tail = (1 - confidence) / 2
  return {
    lower: count === 0 ? 0 : jStat.gamma.inv(tail, count, 1),
    upper: jStat.gamma.inv(1 - tail, count + 1, 1),
  }
}
