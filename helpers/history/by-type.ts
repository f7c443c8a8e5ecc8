/** A history's events, asked for by their type. */
import type { EventOf, EventType, HistoryEvent } from './event.ts'

/** @returns what gives all events of a type, in their order */
export const byType =
  (events: readonly HistoryEvent[]) =>
  <Type extends EventType>(type: Type): EventOf<Type>[] =>
    events.filter((event): event is EventOf<Type> => event.type === type)
