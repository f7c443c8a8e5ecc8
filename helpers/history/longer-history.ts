/** Makes a history with many attempts from one with few, to test with the history of a long run without running it. */
import type { AttemptEvent, HistoryEvent } from './event.ts'

const second = 1e9

/** @returns the events, with the last attempt of the race repeated under new numbers until there are `attempts` of them */
export function longer(events: readonly HistoryEvent[], attempts: number): HistoryEvent[] {
  const begin = events.findLast((event) => event.type === 'attempt.begin' && event.purpose === 'race')
  if (begin?.type !== 'attempt.begin') throw new Error('the history has no attempt of the race')
  const model = events.filter((event): event is AttemptEvent => 'attempt' in event && event.attempt === begin.attempt)
  const copies = Array.from({ length: attempts - begin.number }, (_, index) => begin.number + 1 + index)
  return [
    ...events.filter(({ type }) => type !== 'run.end'),
    ...copies.flatMap((number) => model.map((event) => again(event, number, number * second))),
  ]
}

function again(event: AttemptEvent, number: number, later: number): HistoryEvent {
  // The sum of a time in nanoseconds and a duration is again a time in nanoseconds.
  const at = (event.at + later) as typeof event.at
  const attempt = `${event.attempt} again ${number}`
  if (event.type === 'attempt.begin') return { ...event, at, attempt, number }
  if ('began' in event) return { ...event, at, attempt, began: (event.began + later) as typeof event.began }
  return { ...event, at, attempt }
}
