import { expect, test } from 'vitest'
import { messageOf } from './message-of.ts'

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
