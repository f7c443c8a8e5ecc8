/** Compares the sequential test with published results and with 10,000 simulated runs. */
import { describe, expect, test } from 'vitest'
import { upperBound } from './binomial.ts'
import { cleanAttempts, decide, sequentialBounds, type SequentialPlan } from './sequential.ts'

const plan: SequentialPlan = { p0: 0.001, p1: 0.1, alpha: 0.05, beta: 0.05 }
const most = 3 * cleanAttempts(plan)

test('accepts after 29 clean attempts, and rejects after one contrary attempt in the first 16', () => {
  expect(cleanAttempts(plan)).toBe(29)
  expect(decide(plan, 1, 16)).toBe('contrary')
  expect(decide(plan, 1, 17)).toBeUndefined()
})

test('invalid probabilities are refused', () => {
  expect(() => decide({ ...plan, p1: 0.0001 }, 0, 1)).toThrow('0 < p0 < p1 < 1')
})

test.for([
  [0.95, 0.95],
  [0.05, 0.95],
  [0, 0.05],
] as const)(
  'alpha %d and beta %d are refused, because the test would decide before the first attempt',
  ([alpha, beta]) => {
    expect(() => decide({ ...plan, alpha, beta }, 0, 0)).toThrow(RangeError)
    expect(() => sequentialBounds({ ...plan, alpha, beta }, most, { contrary: 0, attempts: 0 })).toThrow(RangeError)
  },
)

test.for([
  [2, 1],
  [-1, 1],
  [0.5, 1],
] as const)('%d of %d attempts is refused as a count', ([contrary, attempts]) => {
  expect(() => sequentialBounds(plan, most, { contrary, attempts })).toThrow(RangeError)
})

/** A random generator with a seed (mulberry32), so that the runs are the same each time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}

function simulate(p: number, next: () => number) {
  let contrary = 0
  for (let attempts = 1; attempts <= most; attempts++) {
    if (next() < p) contrary++
    const decision = decide(plan, contrary, attempts)
    if (decision || attempts === most) return { contrary, attempts, decision }
  }
  throw new Error('a test ends')
}

const runs = (p: number) => {
  const next = random(7)
  return Array.from({ length: 10_000 }, () => simulate(p, next))
}
const share = <T>(all: readonly T[], holds: (one: T) => boolean) => all.filter(holds).length / all.length

describe('in 10,000 simulated runs', () => {
  test('a subject that is as expected is found contrary in at most a share alpha of them', () => {
    expect(share(runs(plan.p0), ({ decision }) => decision === 'contrary')).toBeLessThanOrEqual(plan.alpha)
  })

  test('a contrary subject is found as expected in at most a share beta of them', () => {
    expect(share(runs(plan.p1), ({ decision }) => decision === 'as-expected')).toBeLessThanOrEqual(plan.beta)
  })

  test.for([0.001, 0.02, 0.1, 0.3])('each bound misses a probability of %d in at most 5 %% of them', (p) => {
    const cache = new Map<string, ReturnType<typeof sequentialBounds>>()
    const boundsOf = (seen: { contrary: number; attempts: number }) => {
      const key = `${seen.contrary}/${seen.attempts}`
      const known = cache.get(key) ?? sequentialBounds(plan, most, seen)
      cache.set(key, known)
      return known
    }
    const all = runs(p).map(boundsOf)
    // Allow three standard errors of the simulation.
    const allowed = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / all.length)
    expect(share(all, ({ upper }) => upper < p)).toBeLessThanOrEqual(allowed)
    expect(share(all, ({ lower }) => lower > p)).toBeLessThanOrEqual(allowed)
  })
})

describe('the bounds', () => {
  test('of a clean run are those of a fixed number of attempts', () => {
    expect(sequentialBounds(plan, most, { contrary: 0, attempts: 29 }).upper).toBeCloseTo(upperBound(0, 29), 4)
    expect(sequentialBounds(plan, most, { contrary: 0, attempts: 29 }).lower).toBe(0)
  })

  test('are correct if the first attempt was contrary', () => {
    const { lower, upper } = sequentialBounds(plan, most, { contrary: 1, attempts: 1 })
    expect(lower).toBeCloseTo(0.05, 4)
    expect(upper).toBe(1)
  })

  test('of a run that was cut short use its last state', () => {
    expect(sequentialBounds(plan, most, { contrary: 0, attempts: 10 }).upper).toBeCloseTo(upperBound(0, 10), 4)
  })

  test('without an attempt are 0 and 1', () => {
    expect(sequentialBounds(plan, most, { contrary: 0, attempts: 0 })).toEqual({ lower: 0, upper: 1 })
  })

  test.for([30, 37, most + 1, 10 * most])('of %d clean attempts, where 29 decide, are those of 29', (attempts) => {
    const decided = sequentialBounds(plan, most, { contrary: 0, attempts: 29 })
    expect(sequentialBounds(plan, most, { contrary: 0, attempts })).toEqual(decided)
  })

  test('are the widest of several endings that the run may have passed', () => {
    // 2 of 17 decides, and so did 1 within the first 16.
    const [first, last] = [1, 16].map((attempts) => sequentialBounds(plan, most, { contrary: 1, attempts }))
    expect(sequentialBounds(plan, most, { contrary: 2, attempts: 17 })).toEqual({
      upper: first?.upper,
      lower: last?.lower,
    })
    // The test may have accepted after 29 attempts, before both contrary ones.
    const { lower } = sequentialBounds(plan, most, { contrary: 2, attempts: 2 * most })
    expect(lower).toBe(0)
  })

  test('of any counts are valid', () => {
    for (let attempts = 0; attempts <= most + 2; attempts += 7)
      for (let contrary = 0; contrary <= attempts; contrary += 5) {
        const { lower, upper } = sequentialBounds(plan, most, { contrary, attempts })
        expect(lower, `${contrary} of ${attempts}`).toBeLessThan(upper)
      }
  })
})
