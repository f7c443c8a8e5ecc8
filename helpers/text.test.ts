import { expect, test } from 'vitest'
import { duration, few, messageOf, percent, printable, shortTime } from './text.ts'

class OfOurs extends Error {
  override readonly name = 'OfOurs'
}

test.for([
  { what: 'an error', thrown: new OfOurs('no such pod'), message: 'no such pod' },
  { what: 'a string', thrown: 'no such pod', message: 'no such pod' },
  { what: 'nothing', thrown: undefined, message: 'undefined' },
])('the message of $what', ({ thrown, message }) => {
  expect(messageOf(thrown)).toBe(message)
})

test.for([
  [400, '0 s'],
  [65_000, '1 min 5 s'],
  [3_600_000, '1 h'],
  [7_380_000, '2 h 3 min'],
] as const)('%i ms are %s', ([milliseconds, text]) => {
  expect(duration(milliseconds)).toBe(text)
})

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

test.for([
  [0, '0 %'],
  [0.004, '0.4 %'],
  [0.25, '25 %'],
  [1, '100 %'],
] as const)('a probability of %d is %s', ([probability, text]) => {
  expect(percent(probability)).toBe(text)
})

test('few prints the first five names and the number of the others', () => {
  expect(few(['a', 'b'])).toBe('a, b')
  expect(few(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a, b, c, d, e and 2 more')
})

test.for([
  ['\u001b[2J\u001b]52;c;ZWNobw==\u0007', '\\x1b[2J\\x1b]52;c;ZWNobw==\\x07'],
  ['\u009b31m', '\\x9b31m'],
  ['FAIL\rPASS', 'FAIL\\x0dPASS'],
  ['a\u202eb', 'a\\u202eb'],
  ['two\r\nlines\tand ünïcode → ✓', 'two\nlines\tand ünïcode → ✓'],
] as const)('%j is printed as %j', ([text, shown]) => {
  expect(printable(text)).toBe(shown)
  expect(printable(shown)).toBe(shown)
})
