import { expect, test } from 'vitest'
import { readWatch } from '../../watch/read-watch.ts'
import { findingRecordLine, totalsRecordLine } from '../../watch/watch-record.ts'
import { watchPage } from './watch-page.ts'

const watch = { node: '<b>node</b>', startedMs: 0 }
const finding = {
  tuple: { protocol: 'tcp', source: { ip: '10.0.0.2', port: 1 }, destination: { ip: '10.0.1.2', port: 2 } },
  deletedMs: 5_000,
  process: 7,
  mapId: 12,
  mapLayout: '24/1',
} as const
const counts = (denied: number) =>
  totalsRecordLine(
    watch,
    { counts: { stale: 9, live: denied, undecided: 0, denied }, passes: 1, lost: 0, seconds: 60 },
    '24/1',
  )
const page = (...lines: readonly string[]): string => watchPage(readWatch(lines.join('\n'))).replaceAll(/\s+/g, ' ')

test('lists what was counted, and each finding with what followed', () => {
  const text = page(
    counts(1),
    findingRecordLine(watch, { ...finding, deniedAfterMs: 30 }),
    findingRecordLine(watch, { ...finding, entryAfterMs: 2_000 }),
  )
  expect(text).toContain('1 live flow lost a reply')
  expect(text).toContain('a reply was denied 30 ms later')
  expect(text).toContain('the entry was back 2000 ms later')
  expect(text).toContain('releases up to v1.4.2')
  expect(text).toContain('&lt;b&gt;node')
})

test('does not call a watch without a loss safe', () => {
  expect(page(counts(0))).toContain('does not show that nothing can be lost')
})

test('limits the number of rows and says how many are left', () => {
  const text = page(counts(1), ...Array.from({ length: 502 }, () => findingRecordLine(watch, finding)))
  expect(text).toContain('2 more are in the file')
})
