import { expect, test } from 'vitest'
import { errorText, UserError } from './user-error.ts'

class OfOurs extends UserError {
  override readonly name = 'OfOurs'
}

test('an error that a person can act on is printed as its message', () => {
  expect(errorText(new OfOurs('there is no such pod'))).toBe('there is no such pod')
})

test.for([new TypeError('x is not a function'), 'x is not a function'])(
  'any other error is printed as a bug: %s',
  (thrown) => {
    expect(errorText(thrown)).toMatch(/^This is a bug of npa-race.*\n.*x is not a function/)
  },
)

test('a bug is printed with its stack', () => {
  expect(errorText(new TypeError('x is not a function'))).toContain('user-error.test.ts')
})

test('an error that quotes a history cannot send escape sequences to the terminal', () => {
  expect(errorText(new OfOurs('no \u001b[2J'))).toBe('no \\x1b[2J')
  expect(errorText(new TypeError('no \u001b[2J'))).not.toContain('\u001b')
})
