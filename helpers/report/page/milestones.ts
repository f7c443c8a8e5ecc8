/** An attempt for people: what happened, who did it, and when; what many flows went through together is one line. */
import type { AttemptEvent } from '../../history/event.ts'
import { eventText, type EventText, type Lane } from '../event-text.ts'

export interface Milestone {
  readonly lane: Lane
  readonly what: string
  /** Milliseconds from the attempt's beginning, in order: one an event. */
  readonly times: readonly number[]
  /** Something legitimate was lost here. */
  readonly loss: boolean
}

/** In the order in which each first happened. */
export function milestonesOf(events: readonly AttemptEvent[]): Milestone[] {
  const begin = events[0]?.at ?? 0
  const groups = new Map<string, EventText & { times: number[] }>()
  for (const event of events) {
    const one = eventText(event)
    if (!one) continue
    const key = `${one.lane}\0${one.what}`
    const group = groups.get(key) ?? { ...one, times: [] }
    groups.set(key, group)
    group.times.push((event.at - begin) / 1e6)
  }
  return [...groups.values()]
    .map(({ lane, what, loss = false, times }) => ({ lane, what, loss, times: times.toSorted((a, b) => a - b) }))
    .toSorted((a, b) => (a.times[0] ?? 0) - (b.times[0] ?? 0))
}
