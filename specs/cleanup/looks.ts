/** Reads from the events of an attempt which of its flows were in conntrack and in the map at each look. */
import type { AttemptEvent } from '../../helpers/history/event.ts'
import type { Look } from '../../helpers/model/run.ts'

/** @returns the looks of an attempt with one flow, without the look after the reply, which the model does not have */
export const looksIn = (events: readonly AttemptEvent[]): Look[] =>
  events.flatMap((event) =>
    event.type === 'observed' && event.moment !== 'replied'
      ? [{ moment: event.moment, kernel: event.kernel.present.length === 1, map: event.map.present.length === 1 }]
      : [],
  )

/** @returns the number of entries after each pass */
export const leftAfterPasses = (events: readonly AttemptEvent[]): number[] =>
  events.flatMap((event) => (event.type === 'observed' && event.moment === 'passed' ? [event.map.present.length] : []))
