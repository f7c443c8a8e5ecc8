import { expect, test } from 'vitest'
import { checkLines, checkWatch } from './check-watch.ts'
import { readWatch } from './read-watch.ts'
import { findingRecordLine, passRecordLine, totalsRecordLine } from './watch-record.ts'

const node = { node: 'node-1', startedMs: 1_000 }
const totals = { counts: { stale: 7, live: 1, undecided: 0, denied: 1 }, passes: 2, lost: 0, seconds: 60 }
const finding = findingRecordLine(node, {
  tuple: { protocol: 'udp', source: { ip: '10.0.0.2', port: 1 }, destination: { ip: '10.0.1.2', port: 2 } },
  deletedMs: 5_000,
  process: 7,
  mapId: 12,
  mapLayout: '24/1',
  deniedAfterMs: 30,
})
const pass = passRecordLine(node, { beganMs: 5_000, lastsMs: 9, stale: 4, live: 1, undecided: 0 })
const other = passRecordLine(node, { beganMs: 9_000, lastsMs: 9, stale: 3, live: 0, undecided: 0 })
const end = totalsRecordLine(node, totals, '24/1')
const checked = (...lines: readonly string[]) => checkWatch(readWatch(lines.join('\n')))

test('records that add up to the counts agree, also those of another watch in the same file', () => {
  const elsewhere = passRecordLine(
    { ...node, startedMs: 2_000 },
    { beganMs: 1, lastsMs: 1, stale: 1, live: 0, undecided: 0 },
  )
  const check = checked(pass, finding, elsewhere, other, end)
  expect(check).toEqual({ disagreements: [], unfinished: [] })
  expect(checkLines(check, 1)).toEqual(['The recorded passes and findings add up to the counts of 1 watch.'])
})

test.for([
  ['pass', [finding, pass, end], 'node-1: passes: the watch counted 2, and its records have 1.'],
  ['finding', [pass, other, end], 'live flows with a denied reply: the watch counted 1, and its records have 0.'],
] as const)('a missing %s is reported', ([, lines, words]) => {
  const lost = checkLines(checked(...lines), 1)
  expect(lost.join('\n')).toContain(words)
  expect(lost.at(-1)).toMatch(/^Lines are missing/)
})

test('a watch that has not ended is not compared', () => {
  const check = checked(pass, totalsRecordLine(node, totals, '24/1', false))
  expect(check.disagreements).toEqual([])
  expect(checkLines(check, 1)).toEqual([expect.stringContaining('1 watch has not ended, or was killed')])
})
