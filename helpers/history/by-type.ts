/** Selects events of a history by their type. */
import type { EventOf, EventType, HistoryEvent } from './event.ts'

/** @returns a function that returns all events of a type, in the same order */
export function byType(
  events: readonly HistoryEvent[],
): <Type extends EventType>(type: Type) => readonly EventOf<Type>[] {
  // The judge asks for thirty types of each attempt.
  const groups = Map.groupBy(events, ({ type }) => type)
  // A group has the events of its type only, which the type of a Map cannot say.
  return <Type extends EventType>(type: Type) => (groups.get(type) ?? []) as EventOf<Type>[]
}
