import { expect, test } from 'vitest'
import { passGapMs, WatchedPasses, type WatchedPass } from './watched-passes.ts'

function passes(): { watched: WatchedPasses; over: WatchedPass[] } {
  const over: WatchedPass[] = []
  return { watched: new WatchedPasses((pass) => over.push(pass)), over }
}

test('deletes that are close to each other are one pass', () => {
  const { watched, over } = passes()
  watched.deleted(5000, 'stale')
  watched.deleted(5040, 'live')
  watched.deleted(5040 + passGapMs, 'stale')
  expect(over).toEqual([])
  watched.endBefore(Infinity)
  watched.endBefore(Infinity)
  expect(over).toEqual([{ beganMs: 5000, lastsMs: 40 + passGapMs, stale: 2, live: 1, undecided: 0 }])
  expect(watched.count).toBe(1)
})

test('a pass has the dump of its first delete', () => {
  const { watched, over } = passes()
  watched.deleted(5000, 'stale', { dump: { dumpMs: 8, sinceDumpMs: 3 } })
  watched.deleted(5010, 'stale', { dump: { dumpMs: 8, sinceDumpMs: 13 } })
  watched.endBefore(Infinity)
  expect(over).toEqual([{ beganMs: 5000, lastsMs: 10, stale: 2, live: 0, undecided: 0, dumpMs: 8, sinceDumpMs: 3 }])
})

test('a pass has looks before its own deletes only', () => {
  const { watched, over } = passes()
  for (const sinceLookMs of [0.02, undefined, 0.04]) watched.deleted(5000, 'stale', { sinceLookMs })
  watched.deleted(6001 + passGapMs, 'stale')
  watched.endBefore(Infinity)
  expect(over.map(({ sinceLookMs }) => sinceLookMs)).toEqual([[0.02, 0.04], undefined])
})

test('a delete after a pause begins another pass', () => {
  const { watched, over } = passes()
  watched.deleted(5000, 'undecided')
  watched.deleted(5001 + passGapMs, 'stale')
  expect(over).toEqual([{ beganMs: 5000, lastsMs: 0, stale: 0, live: 0, undecided: 1 }])
  expect(watched.count).toBe(2)
})

test('a pass is over when its last delete is long ago, and not before', () => {
  const { watched, over } = passes()
  watched.deleted(5000, 'stale')
  watched.endBefore(5000 + passGapMs)
  expect(over).toHaveLength(0)
  watched.endBefore(5001 + passGapMs)
  expect(over).toHaveLength(1)
})
