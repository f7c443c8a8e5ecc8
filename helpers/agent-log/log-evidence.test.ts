import { expect, test } from 'vitest'
import { defaultLevel, missingInLog } from './log-evidence.ts'

test.for([
  ['v1.2.1', [1, 2, 1], 'info'],
  ['v1.2.2', [1, 2, 2], 'debug'],
  ['an unknown version', undefined, 'debug'],
] as const)('the default level of %s', ([, version, level]) => {
  expect(defaultLevel(version)).toBe(level)
})

const nothing = /^nothing$/
const setLevel = /run it with --log-level=debug$/
const useNewer = /does not log when a pass ends.*from v1\.1\.2 on$/

test.for([
  ['v1.1.1', [1, 1, 1], 'debug', useNewer],
  ['v1.1.2', [1, 1, 2], 'info', nothing],
  ['v1.2.1', [1, 2, 1], 'info', nothing],
  ['v1.4.1', [1, 4, 1], 'info', nothing],
  ['v1.4.1', [1, 4, 1], 'warn', setLevel],
  ['v1.4.3', [1, 4, 3], 'debug', nothing],
  ['v1.4.3', [1, 4, 3], 'info', setLevel],
  ['an unknown version', undefined, 'debug', nothing],
  ['an unknown version', undefined, 'info', setLevel],
] as const)('what is missing in the log of %s at level %3$s', ([, version, level, missing]) => {
  expect(missingInLog({ version, level }) ?? 'nothing').toMatch(missing)
})
