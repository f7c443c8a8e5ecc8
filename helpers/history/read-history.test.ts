import { expect, test } from 'vitest'
import { readEvent } from './read-history.ts'

const pass = { type: 'agent.pass', at: 1, attempt: 'a', pass: 'ended' }
const check = { type: 'check', at: 1, cohort: 'subject', ok: true, saw: 'both' }

test.for([
  [
    { ...pass, told: { deleted: 2 } },
    { ...pass, report: { deleted: 2 } },
  ],
  [
    { ...check, check: 'refusal-told-from-drop' },
    { ...check, check: 'refusal-differs-from-drop' },
  ],
] as const)('an event of an earlier version is read with the present names: %j', ([earlier, present]) => {
  expect(readEvent(JSON.stringify(earlier))).toEqual(present)
  expect(readEvent(JSON.stringify(present))).toEqual(present)
})

test('an event with an unknown field is refused', () => {
  expect(() => readEvent(JSON.stringify({ ...pass, unknown: 1 }))).toThrow('is not an event')
})
