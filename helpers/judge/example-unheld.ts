/** Changes the example attempt to one whose agent was not held, for tests. */
import type { AttemptEvent } from '../history/event.ts'
import { exampleAttempt } from './example-attempt.ts'

/** The end of the example's reuse. A delete may happen during the reuse. */
export const at = (events: readonly AttemptEvent[], type: AttemptEvent['type']): number =>
  events.find((event) => event.type === type)?.at ?? 0

/** Returns the example attempt with an agent that was not held. */
export const unheld = (lost: boolean): AttemptEvent[] =>
  exampleAttempt({ lost }).flatMap((event): AttemptEvent[] => {
    if (event.type === 'agent.held' || event.type === 'agent.released') return []
    return [event.type === 'agent.snapshot' ? { ...event, stopped: false } : event]
  })

/** Returns the events with one more, in the order of time. */
export const including = (events: readonly AttemptEvent[], more: AttemptEvent): AttemptEvent[] => {
  const index = events.findIndex((event) => event.at > more.at)
  return events.toSpliced(index, 0, more)
}
