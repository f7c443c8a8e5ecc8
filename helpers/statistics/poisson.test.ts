import { describe, expect, test } from 'vitest'
import { poissonBounds } from './poisson.ts'

describe('poissonBounds', () => {
  // From Garwood's table, which textbooks of epidemiology print.
  test.for([
    [0, 0, 3.689],
    [1, 0.025, 5.572],
    [10, 4.795, 18.39],
    [100, 81.36, 121.6],
  ] as const)('of %i at 95 %', ([count, lower, upper]) => {
    const bounds = poissonBounds(count)
    expect(bounds.lower).toBeCloseTo(lower, 2)
    expect(bounds.upper / upper).toBeCloseTo(1, 3)
  })

  test('are wider with more confidence', () => {
    expect(poissonBounds(5, 0.999).upper).toBeGreaterThan(poissonBounds(5, 0.95).upper)
  })

  test.for([-1, 1.5])('%d is refused', (count) => {
    expect(() => poissonBounds(count)).toThrow(RangeError)
  })
})
