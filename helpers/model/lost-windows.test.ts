import { expect, test } from 'vitest'
import { lostWindows } from './lost-windows.ts'
import { cleanupOf } from './matrix.ts'

test.for([
  ['immediate', ['after-snapshot', 'before-delete']],
  ['alternating', ['after-snapshot', 'before-delete']],
  ['consecutive-miss', ['after-snapshot', 'before-delete']],
  ['timestamp-guard', ['after-snapshot', 'after-reread', 'before-delete']],
  ['last-seen', ['after-reread', 'before-delete']],
  ['tombstone', ['after-reread', 'before-delete']],
  ['compare-and-delete', []],
  ['ct-lookup', []],
  ['two-generations', []],
  ['never-deletes', []],
] as const)('%s loses flows that are reused in: %j', ([algorithm, windows]) => {
  expect(lostWindows(cleanupOf(algorithm))).toEqual(windows)
})
