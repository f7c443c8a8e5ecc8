import { expect, test } from 'vitest'
import { redactor } from './redact.ts'
import { redactTexts, restored } from './redact-texts.ts'

const redact = redactor(['correct-horse-battery', '123456789'])

test('texts lose their secrets, and everything else stays', () => {
  const value = {
    at: 123456789,
    ok: true,
    none: null,
    detail: 'at correct-horse-battery',
    deep: [{ pin: 'is 123456789' }],
  }
  expect(redactTexts(value, redact)).toEqual({
    ...value,
    detail: 'at [redacted]',
    deep: [{ pin: 'is [redacted]' }],
  })
})

test('a text is a secret because of the name of its field or the option before it; a number is not', () => {
  const value = {
    secret: 123,
    DB_PASSWORD: 'short',
    command: ['agent', '--token', 'abc', '--port', '80', '--api-key=xyz'],
  }
  expect(redactTexts(value, redact)).toEqual({
    secret: 123,
    DB_PASSWORD: '[redacted]',
    command: ['agent', '--token', '[redacted]', '--port', '80', '--api-key=[redacted]'],
  })
})

test('a part of a value is restored', () => {
  const original = { a: [{ b: 'was' }, { b: 'other' }], c: 1 }
  const changed = { a: [{ b: 'is' }, { b: 'is' }], c: 2 }
  expect(restored(changed, original, ['a', 0, 'b'])).toEqual({ a: [{ b: 'was' }, { b: 'is' }], c: 2 })
  expect(restored(changed, original, ['x', 'y'])).toEqual(changed)
})
