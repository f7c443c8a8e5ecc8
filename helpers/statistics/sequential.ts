/**
 * Implements the sequential probability ratio test (Wald 1945): it decides after each attempt whether the evidence is sufficient. It is truncated
 * at a maximum number of attempts, so that a run ends.
 *
 * The test counts *contrary* attempts, which contradict the expectation.
 */

export interface SequentialPlan {
  /** With a probability of contrary attempts up to this, the subject is as expected. */
  readonly p0: number
  /** With a probability of contrary attempts from this on, the test must find the subject contrary. */
  readonly p1: number
  /** Probability that a subject is found contrary although its attempts are contrary with probability `p0`. */
  readonly alpha: number
  /** Probability that a subject is found as expected although its attempts are contrary with probability `p1`. */
  readonly beta: number
}

export type Decision = 'as-expected' | 'contrary'

/**
 * Decides after a number of attempts.
 *
 * @returns undefined if the evidence is not sufficient yet
 * @throws RangeError unless 0 < p0 < p1 < 1, alpha and beta are above 0 and their sum is less than 1, and the counts are whole numbers
 */
export function decide(
  { p0, p1, alpha, beta }: SequentialPlan,
  contrary: number,
  attempts: number,
): Decision | undefined {
  if (!(p0 > 0 && p0 < p1 && p1 < 1))
    throw new RangeError(`a sequential test needs 0 < p0 < p1 < 1, not ${p0} and ${p1}`)
  // With more, the test would decide before the first attempt.
  if (!(alpha > 0 && beta > 0 && alpha + beta < 1))
    throw new RangeError(
      `a sequential test needs alpha and beta above 0, and alpha + beta < 1, not ${alpha} and ${beta}`,
    )
  if (!(Number.isInteger(attempts) && Number.isInteger(contrary) && contrary >= 0 && contrary <= attempts))
    throw new RangeError(`${contrary} of ${attempts} attempts is not a count`)
  const ratio = contrary * Math.log(p1 / p0) + (attempts - contrary) * Math.log((1 - p1) / (1 - p0))
  if (ratio <= Math.log(beta / (1 - alpha))) return 'as-expected'
  if (ratio >= Math.log((1 - beta) / alpha)) return 'contrary'
  return undefined
}

/** Returns how many attempts are enough if none of them is contrary. */
export function cleanAttempts(plan: SequentialPlan): number {
  let attempts = 0
  while (decide(plan, 0, attempts) !== 'as-expected') attempts++
  return attempts
}

/** How a test ended: by a decision, or at the maximum number of attempts without one. */
interface Ending {
  readonly attempts: number
  readonly contrary: number
  readonly probability: number
}

/** Returns every possible ending of the test if attempts are contrary with probability `p`, from the least evidence against the subject to the most. */
function endings(plan: SequentialPlan, most: number, p: number): Ending[] {
  const accepted: Ending[] = []
  const rejected: Ending[] = []
  let going = new Map([[0, 1]])
  for (let attempts = 1; attempts <= most; attempts++) {
    const next = new Map<number, number>()
    for (const [contrary, probability] of going) {
      for (const [count, share] of [
        [contrary, 1 - p],
        [contrary + 1, p],
      ] as const)
        next.set(count, (next.get(count) ?? 0) + probability * share)
    }
    going = new Map()
    for (const [contrary, probability] of next) {
      const decision = decide(plan, contrary, attempts)
      if (decision === 'as-expected') accepted.push({ attempts, contrary, probability })
      else if (decision === 'contrary') rejected.push({ attempts, contrary, probability })
      else going.set(contrary, probability)
    }
  }
  const undecided = [...going]
    .toSorted(([a], [b]) => a - b)
    .map(([contrary, probability]) => ({ attempts: most, contrary, probability }))
  // An early acceptance is the strongest evidence for the subject, and an early rejection the strongest against it (stage-wise ordering).
  return [...accepted, ...undecided, ...rejected.toReversed()]
}

/** Number of halvings of [0, 1]. The result is exact to a millionth. */
const halvings = 20

/**
 * Computes bounds on the probability of a contrary attempt that are exact for a sequential test, by the stage-wise ordering of all its endings
 * (Armitage 1957). If a run was stopped before its test ended, its last state counts as the ending.
 *
 * If no test can end with these counts, e.g. because the run went on after the decision, the true ending is unknown. The bounds are then the widest
 * of all endings that such a run may have passed.
 *
 * @param confidence one-sided each
 * @throws RangeError as `decide`
 */
export function sequentialBounds(
  plan: SequentialPlan,
  most: number,
  seen: Counts,
  confidence = 0.95,
): { readonly lower: number; readonly upper: number } {
  const decision = decide(plan, seen.contrary, seen.attempts)
  if (seen.attempts === 0) return { lower: 0, upper: 1 }
  // If the test has not decided yet, endings after the last attempt do not matter.
  const last = decision === undefined ? Math.min(most, seen.attempts) : most
  const [least, greatest] = endedAt(endings(plan, last, 1 / 2), seen)
  const tail = (p: number, side: 'least' | 'most'): number => {
    const all = endings(plan, last, p)
    const part = side === 'least' ? all.slice(0, greatest + 1) : all.slice(least)
    return part.reduce((sum, { probability }) => sum + probability, 0)
  }
  const rare = 1 - confidence
  return {
    upper: bisect((p) => tail(p, 'least') >= rare),
    lower: 1 - bisect((q) => tail(1 - q, 'most') >= rare),
  }
}

interface Counts {
  readonly contrary: number
  readonly attempts: number
}

/** Returns the first and the last index in `all` at which a test with these counts may have ended. Which endings are possible does not depend on `p`. */
function endedAt(all: readonly Ending[], { contrary, attempts }: Counts): readonly [number, number] {
  const exactly = all.findIndex((ending) => ending.attempts === attempts && ending.contrary === contrary)
  if (exactly >= 0) return [exactly, exactly]
  const isOnTheWay = (ending: Ending): boolean =>
    ending.contrary <= contrary && ending.attempts - ending.contrary <= attempts - contrary
  const [first, last] = [all.findIndex(isOnTheWay), all.findLastIndex(isOnTheWay)]
  if (first < 0) throw new RangeError(`bug: no sequential test ends on the way to ${contrary} of ${attempts} attempts`)
  return [first, last]
}

/** Returns the largest value in [0, 1] for which `holds` is true. It must be true up to some value and false above it. */
function bisect(holds: (value: number) => boolean): number {
  if (holds(1)) return 1
  let low = 0
  let high = 1
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2
    if (holds(middle)) low = middle
    else high = middle
  }
  return high
}
