import { expect, test } from 'vitest'
import { cleanupCosts } from './cleanup-costs.ts'
import { candidates, cleanups } from './matrix.ts'

test('the cost of each cleanup was measured', () => {
  expect(Object.keys(cleanupCosts.cleanups).toSorted()).toEqual(
    [...cleanups, ...candidates].map(({ algorithm }) => algorithm).toSorted(),
  )
})
