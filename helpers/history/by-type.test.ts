import { expect, test } from 'vitest'
import type { HistoryEvent } from './event.ts'
import { byType } from './by-type.ts'
import { ns } from '../units.ts'

const events: readonly HistoryEvent[] = [
  { type: 'run.failed', at: ns(1), during: 'set-up', error: 'first' },
  { type: 'run.end', at: ns(2), reason: 'failed', failedTests: [], durationMs: 1 },
  { type: 'run.failed', at: ns(3), during: 'set-up', error: 'second' },
]

test('selects the events of one type, in the same order', () => {
  const all = byType(events)
  expect(all('run.failed').map(({ error }) => error)).toEqual(['first', 'second'])
  expect(all('run.end').map(({ reason }) => reason)).toEqual(['failed'])
  expect(all('check')).toEqual([])
})
