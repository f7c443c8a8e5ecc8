/** What each look at kernel and map saw of an attempt's one flow. */
import type { AttemptEvent } from '../../helpers/history/event.ts'
import type { Look } from '../../helpers/model/run.ts'

/** But for the look after the reply, which is none of the model's. */
export const looksIn = (events: readonly AttemptEvent[]): Look[] =>
  events.flatMap((event) =>
    event.type === 'observed' && event.moment !== 'replied'
      ? [{ moment: event.moment, kernel: event.kernel.present.length === 1, map: event.map.present.length === 1 }]
      : [],
  )
