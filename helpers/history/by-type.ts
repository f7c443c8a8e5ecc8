/** Selects events of a history by their type. */
import type { EventOf, EventType, HistoryEvent } from './event.ts'

/** @returns a function that returns all events of a type, in the same order */
export const byType =
  (events: readonly HistoryEvent[]) =>
  <Type extends EventType>(type: Type): EventOf<Type>[] =>
    events.filter((event): event is EventOf<Type> => event.type === type)
