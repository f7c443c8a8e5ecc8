import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { linearScale } from './scale.ts'

test('ticks are at round values', () => {
  expect(linearScale(0, 37.3, 0, 100).ticks).toEqual([0, 5, 10, 15, 20, 25, 30, 35])
})

property.prop([fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true })])(
  'the ends of the scale are exact, and there are at most ten ticks between them',
  (from, width) => {
    const scale = linearScale(from, from + width, 10, 110)
    expect([scale.at(from), scale.at(from + width)]).toEqual([10, 110])
    expect(scale.ticks.length).toBeLessThanOrEqual(10)
    for (const tick of scale.ticks) expect(Math.abs(scale.at(tick) - 60)).toBeLessThanOrEqual(51)
  },
)

test('a scale can have a single value', () => {
  expect(linearScale(5, 5, 0, 100).at(5)).toBe(0)
})
