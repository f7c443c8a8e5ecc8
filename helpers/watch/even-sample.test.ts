import { expect, test } from 'vitest'
import { EvenSample } from './even-sample.ts'

const sampleOf = (count: number): readonly number[] => {
  const sample = new EvenSample()
  for (let value = 0; value < count; value++) sample.add(value)
  return sample.values
}

test('a few values are all kept', () => {
  expect(sampleOf(3)).toEqual([0, 1, 2])
})

test.for([21, 100, 12_345])('some of %i values are kept, with the same distance from each to the next', (count) => {
  const values = sampleOf(count)
  expect(values.length).toBeGreaterThan(9)
  expect(values.length).toBeLessThanOrEqual(20)
  const distances = new Set(values.slice(1).map((value, index) => value - (values[index] ?? 0)))
  expect(distances.size).toBe(1)
  expect(count - (values.at(-1) ?? 0)).toBeLessThanOrEqual([...distances][0] ?? 0)
})
