import { expect, test } from 'vitest'
import { exampleAttempt } from '../../judge/example-attempt.ts'
import type { AttemptEvent } from '../../history/event.ts'
import { presenceIn } from './presence.ts'

const events = exampleAttempt({ lost: true })
const begin = events[0]?.at ?? 0

/** The times in milliseconds since the beginning of the attempt. */
const times = (table: 'kernel' | 'map', of: readonly AttemptEvent[]): string[] =>
  presenceIn(table, of).map(({ from, to }) => `${(from - begin) / 1e6}-${to === undefined ? '' : (to - begin) / 1e6}`)

test('an entry is there from the event that made it to the event that removed it', () => {
  expect(times('kernel', events)).toEqual(['1-5', '10-'])
  expect(times('map', events)).toEqual(['1-13'])
})

test('the entries of many flows are gone after the last delete', () => {
  const second = events.flatMap((event): AttemptEvent[] =>
    event.type === 'agent.deleted' ? [event, { ...event, flow: 1, at: (event.at + 5e5) as typeof event.at }] : [event],
  )
  expect(times('map', second)).toEqual(['1-13.5'])
})

test('without such an event, the time of the look counts', () => {
  const looks = events.filter(({ type }) => type === 'observed' || type === 'attempt.begin')
  expect(times('kernel', looks)).toEqual(['2-6', '11-'])
  expect(times('map', looks)).toEqual(['2-15'])
})

test.for([-2, 0])('a delete with result %i does not end it if the next look still sees the entry', (result) => {
  const changed = events.map((event): AttemptEvent =>
    event.type === 'agent.deleted'
      ? { ...event, result }
      : event.type === 'observed' && event.moment === 'passed'
        ? { ...event, map: event.kernel }
        : event,
  )
  expect(times('map', changed)).toEqual(['1-'])
})

test('the time of a delete that failed does not count', () => {
  const failed = events.map((event): AttemptEvent =>
    event.type === 'agent.deleted' ? { ...event, result: -2 } : event,
  )
  expect(times('map', failed)).toEqual(['1-15'])
})
