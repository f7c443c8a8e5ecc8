/** What the looks at kernel and map saw of an attempt's flows. */
import type { AttemptEvent } from '../../helpers/history/event.ts'
import type { Look } from '../../helpers/model/run.ts'

/** Of an attempt's one flow; but for the look after the reply, which is none of the model's. */
export const looksIn = (events: readonly AttemptEvent[]): Look[] =>
  events.flatMap((event) =>
    event.type === 'observed' && event.moment !== 'replied'
      ? [{ moment: event.moment, kernel: event.kernel.present.length === 1, map: event.map.present.length === 1 }]
      : [],
  )

/** How many entries there are after each pass. */
export const leftAfterPasses = (events: readonly AttemptEvent[]): number[] =>
  events.flatMap((event) => (event.type === 'observed' && event.moment === 'passed' ? [event.map.present.length] : []))
