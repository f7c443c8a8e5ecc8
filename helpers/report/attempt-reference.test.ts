import { expect, test } from 'vitest'
import { attemptAnchor, attemptReference } from './attempt-reference.ts'

const cohort = 'subject reference:last-seen after-snapshot'

test('an attempt of the subject is named by its number', () => {
  const attempt = { attempt: `${cohort} race 3`, cohort, purpose: 'race', number: 3 } as const
  expect(attemptReference(attempt)).toBe('3')
  expect(attemptAnchor(attempt)).toBe('attempt-3')
})

test('other attempts are named by their full name', () => {
  const attempt = { attempt: `${cohort} no-reuse 3`, cohort, purpose: 'no-reuse', number: 3 } as const
  expect(attemptReference(attempt)).toBe(`${cohort} no-reuse 3`)
  expect(attemptAnchor(attempt)).toBe('attempt-subject-reference:last-seen-after-snapshot-no-reuse-3')
})
