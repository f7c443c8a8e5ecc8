/** Summarizes the events of an attempt: who did what and when. The same event of many flows is one milestone in each phase. */
import type { AttemptEvent } from '../../history/event.ts'
import { eventText, type EventText, type Lane } from '../event-text.ts'

export interface Milestone {
  readonly lane: Lane
  readonly what: string
  /** Milliseconds since the beginning of the attempt, one per event, in order. */
  readonly times: readonly number[]
  /** Whether a legitimate reply was lost. */
  readonly loss: boolean
}

/** Returns the milestones, in the order in which each first happened. */
export function milestonesOf(events: readonly AttemptEvent[]): Milestone[] {
  const begin = events[0]?.at ?? 0
  const phases = events.flatMap(({ type, at }) => (type === 'phase' ? [at] : []))
  const groups = new Map<string, EventText & { times: number[] }>()
  for (const event of events) {
    const one = eventText(event)
    if (!one) continue
    const phase = phases.filter((at) => at <= event.at).length
    const key = `${phase}\0${one.lane}\0${one.what}`
    const group = groups.get(key) ?? { ...one, times: [] }
    groups.set(key, group)
    group.times.push((event.at - begin) / 1e6)
  }
  return [...groups.values()]
    .map(({ lane, what, loss = false, times }) => ({ lane, what, loss, times: times.toSorted((a, b) => a - b) }))
    .toSorted((a, b) => (a.times[0] ?? 0) - (b.times[0] ?? 0))
}
