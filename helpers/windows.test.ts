import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { exampleAttempt } from './judge/example-attempt.ts'
import { timelineOf } from './judge/timeline.ts'
import { perWindow, windows, windowStoppedBy, windowTable } from './windows.ts'

const source = readFileSync(new URL('../fixtures/kernel/bpf/hold.c', import.meta.url), 'utf8')
/** Returns the names and values on the line that defines this name. */
const definedWith = (name: string): Record<string, number> => {
  const line = source.split('\n').find((each) => each.startsWith('enum') && each.includes(`${name} =`)) ?? ''
  return Object.fromEntries([...line.matchAll(/(\w+) = (\d+)/g)].map(([, key = '', value]) => [key, Number(value)]))
}

test('the stop bits are the same as in hold.c', () => {
  const { STOP_AT_SNAPSHOT, STOP_AT_REREAD, STOP_BEFORE_DELETE } = definedWith('STOP_AT_SNAPSHOT')
  expect(perWindow((window) => windowTable[window].stopBit)).toEqual({
    'after-snapshot': STOP_AT_SNAPSHOT,
    'after-reread': STOP_AT_REREAD,
    'before-delete': STOP_BEFORE_DELETE,
  })
})

test('windowStoppedBy finds the window of each stop record, and none for other records', () => {
  expect(windows.map((window) => windowStoppedBy(windowTable[window].stoppedBy))).toEqual(windows)
  expect(windowStoppedBy('deleted')).toBeUndefined()
})

describe('if the agent is not held, the window opens', () => {
  const timeline = timelineOf(exampleAttempt({ lost: true }))
  if (!timeline) throw new Error('the example has a beginning')
  const deleted = timeline.deletes.get(0)?.at ?? 0

  test('at its snapshot, if it does not read the entry again', () => {
    const opened = perWindow((window) => windowTable[window].openedUnheld(timeline, 0))
    expect(opened).toEqual({
      'after-snapshot': timeline.snapshot?.at,
      'after-reread': undefined,
      'before-delete': undefined,
    })
    expect(perWindow((window) => windowTable[window].lastLook(timeline, 0, deleted))).toEqual(opened)
  })
})
