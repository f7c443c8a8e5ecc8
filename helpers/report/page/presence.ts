/** Finds when the flows of an attempt had an entry. The looks say that an entry came or went between two of them; an event in between says when. */
import { byType } from '../../history/by-type.ts'
import type { AttemptEvent } from '../../history/event.ts'

export interface Presence {
  /** Nanoseconds on the clock of the events. */
  readonly from: number
  /** Undefined if the last look still saw an entry. */
  readonly to: number | undefined
}

/** Returns the times during which at least one flow had an entry in this table. An event counts only if the looks around it agree with it. */
export function presenceIn(table: 'kernel' | 'map', events: readonly AttemptEvent[]): Presence[] {
  const all = byType(events)
  const came = [...all('flow.opened'), ...all('flow.reused')]
  const went =
    table === 'kernel'
      ? all('expired')
      : [...all('agent.deleted'), ...all('entry.deleted')].filter(({ result }) => result === 0)
  const found: Presence[] = []
  let since: number | undefined
  let previous = -Infinity
  for (const look of all('observed')) {
    const between = (them: readonly { readonly at: number }[]): number[] =>
      them.map(({ at }) => at).filter((at) => at > previous && at <= look.at)
    if (look[table].present.length > 0) since ??= Math.min(look.at, ...between(came))
    else if (since !== undefined) {
      const times = between(went)
      found.push({ from: since, to: times.length > 0 ? Math.max(...times) : look.at })
      since = undefined
    }
    previous = look.at
  }
  return since === undefined ? found : [...found, { from: since, to: undefined }]
}
