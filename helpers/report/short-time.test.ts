import { expect, test } from 'vitest'
import { shortTime } from './short-time.ts'

test.for([
  [0, '0 µs'],
  [0.004, '4 µs'],
  [0.1044, '104 µs'],
  [2.449, '2.45 ms'],
  [30, '30 ms'],
  [1160.4, '1160 ms'],
  [600_187, '600 s'],
] as const)('%d ms is %s', ([milliseconds, text]) => {
  expect(shortTime(milliseconds)).toBe(text)
})
