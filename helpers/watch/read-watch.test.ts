import { expect, test } from 'vitest'
import { readWatch } from './read-watch.ts'
import { findingRecordLine, totalsRecordLine } from './watch-record.ts'

const finding = {
  tuple: {
    protocol: 'tcp',
    source: { ip: '10.0.0.2', port: 40000 },
    destination: { ip: '10.0.1.2', port: 8080 },
  },
  deletedMs: 5_000,
  process: 7,
  mapId: 12,
  mapLayout: '24/1',
  deniedAfterMs: 30,
} as const
const one = { node: 'node-1', startedMs: 1_000 }
const other = { node: 'node-2', startedMs: 1_000 }
const totals = (seconds: number, denied: number) => ({
  counts: { stale: 9, live: 2, undecided: 1, denied },
  passes: 3,
  lost: 1,
  seconds,
})

test('adds the last counts of each watch', () => {
  const survey = readWatch(
    [
      totalsRecordLine(one, totals(60, 1), '24/1'),
      findingRecordLine(one, finding),
      totalsRecordLine(other, totals(60, 0), '24/1'),
      totalsRecordLine(one, totals(120, 2), '24/1'),
    ].join('\n'),
  )
  expect(survey.watches.map(({ node, seconds }) => [node, seconds])).toEqual([
    ['node-1', 120],
    ['node-2', 60],
  ])
  expect(survey.findings).toEqual([{ type: 'finding', ...one, ...finding }])
  expect(survey.totals).toEqual({
    counts: { stale: 18, live: 4, undecided: 2, denied: 2 },
    passes: 6,
    lost: 2,
    seconds: 180,
  })
})

test('a watch that was started again counts as another one', () => {
  const again = totalsRecordLine({ ...one, startedMs: 9_000 }, totals(60, 1), '24/1')
  expect(readWatch(`${totalsRecordLine(one, totals(60, 1), '24/1')}\n${again}`).totals.counts.denied).toBe(2)
})

test('skips what kubectl logs adds, messages, and lines that were cut short', () => {
  const line = totalsRecordLine(one, totals(60, 1), '24/1')
  const text = `[pod/watch-x/watch] ${line}\nwatching the agent’s deletes\n${line.slice(0, 40)}\n{"type":"other"}`
  expect(readWatch(text).totals.seconds).toBe(60)
})

test('says what is expected if there are no counts', () => {
  expect(() => readWatch(findingRecordLine(one, finding))).toThrow('expected the output of "npa-race watch --json"')
})
