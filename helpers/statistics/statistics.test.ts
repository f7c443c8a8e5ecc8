import { describe, expect, test } from 'vitest'
import { attemptsFor, lowerBound, upperBound } from './binomial.ts'
import { quantile } from './quantile.ts'

describe('exact binomial bounds, 95 % one-sided', () => {
  test.for([
    [5, 0.45],
    [10, 0.26],
    [59, 0.0495],
    [299, 0.00997],
  ] as const)('nothing lost in %i attempts', ([trials, bound]) => {
    expect(upperBound(0, trials)).toBeCloseTo(bound, 2)
    expect(lowerBound(0, trials)).toBe(0)
  })

  test.for([
    [10, 0.741],
    [59, 0.95],
  ] as const)('a loss in each of %i attempts', ([trials, bound]) => {
    expect(lowerBound(trials, trials)).toBeCloseTo(bound, 2)
    expect(upperBound(trials, trials)).toBe(1)
  })

  test('the tail at a bound has the stated probability', () => {
    const p = upperBound(1, 20)
    const tail = (1 - p) ** 20 + 20 * p * (1 - p) ** 19
    expect(tail).toBeCloseTo(0.05, 9)
  })

  test('without attempts, the bounds are 0 and 1', () => {
    expect([lowerBound(0, 0), upperBound(0, 0)]).toEqual([0, 1])
  })

  test.for([
    [2, 1],
    [-1, 5],
    [0.5, 5],
  ] as const)('%d of %d is refused', ([lost, trials]) => {
    expect(() => upperBound(lost, trials)).toThrow(RangeError)
  })

  test('attemptsFor is the number of clean attempts that a bound needs', () => {
    expect([attemptsFor(0.05), attemptsFor(0.01)]).toEqual([59, 299])
  })
})

describe('quantiles', () => {
  test('are interpolated between values', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([0, 10], 0.95)).toBeCloseTo(9.5)
    expect(quantile([7], 0.95)).toBe(7)
  })

  test('of an empty list are undefined', () => {
    expect(quantile([], 0.5)).toBeUndefined()
  })
})
