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
const useNewer = /does not log when a pass ends.*from v1\.1\.2 on/

test.for([
  ['v1.1.1', [1, 1, 1], 'debug', true, useNewer],
  ['v1.1.1', [1, 1, 1], 'debug', false, useNewer],
  ['v1.1.2', [1, 1, 2], 'info', true, nothing],
  ['v1.2.1', [1, 2, 1], 'info', true, nothing],
  ['v1.4.1', [1, 4, 1], 'info', true, nothing],
  ['v1.4.1', [1, 4, 1], 'warn', true, setLevel],
  ['v1.4.1', [1, 4, 1], 'error', false, setLevel],
  ['v1.4.3', [1, 4, 3], 'debug', true, nothing],
  ['v1.4.3', [1, 4, 3], 'info', true, setLevel],
  ['v1.4.3', [1, 4, 3], 'info', false, nothing],
  ['an unknown version', undefined, 'debug', true, nothing],
  ['an unknown version', undefined, 'info', true, setLevel],
] as const)('what is missing in the log of %s at level %3$s', ([, version, level, isOnlyWitness, missing]) => {
  expect(missingInLog({ version, level }, isOnlyWitness) ?? 'nothing').toMatch(missing)
})
