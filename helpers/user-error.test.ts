import { expect, test } from 'vitest'
import { errorText, UserError } from './user-error.ts'

class OfOurs extends UserError {
  override readonly name = 'OfOurs'
}

test('an error that a person can act on is its message', () => {
  expect(errorText(new OfOurs('there is no such pod'))).toBe('there is no such pod')
})

test.for([new TypeError('x is not a function'), 'x is not a function'])('anything else is a bug: %s', (thrown) => {
  expect(errorText(thrown)).toMatch(/^This is a bug of npa-race.*\n.*x is not a function/)
})

test('a bug has its stack', () => {
  expect(errorText(new TypeError('x is not a function'))).toContain('user-error.test.ts')
})

test('an error that quotes a history cannot write to the terminal as it likes', () => {
  expect(errorText(new OfOurs('no \u001b[2J'))).toBe('no \\x1b[2J')
  expect(errorText(new TypeError('no \u001b[2J'))).not.toContain('\u001b')
})
