/** What lasts in an attempt: entries that are there, the agent that is held, its dump and its walk, and the window. */
import { byType } from '../../history/by-type.ts'
import type { AttemptEvent, EventOf } from '../../history/event.ts'
import type { Window } from '../../schedule/schedule.ts'
import type { Lane } from '../event-text.ts'

interface Stretch {
  /** Milliseconds from the attempt's beginning. */
  readonly from: number
  readonly to: number
}

interface Span extends Stretch {
  readonly lane: Lane
  readonly what: string
}

export interface Spans {
  readonly spans: readonly Span[]
  /** The five phases, each as long as no other has begun. */
  readonly phases: readonly (Stretch & { readonly phase: number })[]
  /** From the agent's last look at the truth to its first delete, or to the end of its pass. */
  readonly window: Stretch | undefined
  readonly end: number
}

export function spansOf(events: readonly AttemptEvent[], window: Window): Spans {
  const begin = events[0]?.at ?? 0
  const time = (at: number): number => (at - begin) / 1e6
  const end = Math.max(...events.map(({ at }) => time(at)), 0.001)
  const all = byType(events)
  const releases = all('agent.released').map(({ at }) => time(at))
  const after = (times: readonly number[], from: number): number => times.find((at) => at >= from) ?? end
  const dumps = all('agent.snapshot').map(({ at }) => time(at))
  const held = all('agent.held')[0]?.at
  const looks = window === 'after-reread' ? all('agent.reread') : all('agent.snapshot')
  // Of an agent that nobody holds, the one before the delete; where nothing was deleted, the latest.
  const before = held ?? all('agent.deleted')[0]?.at ?? Infinity
  const looked =
    window === 'after-reread' && held !== undefined
      ? all('agent.reread').find(({ stopped }) => stopped)?.at
      : looks.findLast(({ at }) => at <= before)?.at
  const closes = [...all('agent.deleted'), ...all('agent.pass').filter(({ pass }) => pass === 'ended')]
    .map(({ at }) => time(at))
    .toSorted((a, b) => a - b)
  const from = looked === undefined ? undefined : time(looked)
  const phases = all('phase')
  return {
    end,
    phases: phases.map(({ phase, at }, index) => ({
      phase,
      from: time(at),
      to: time(phases[index + 1]?.at ?? NaN) || end,
    })),
    window: from === undefined ? undefined : { from, to: after(closes, from) },
    spans: [
      ...presence('kernel entry', all('observed'), ({ kernel }) => kernel.present.length > 0, time, end),
      ...presence('map entry', all('observed'), ({ map }) => map.present.length > 0, time, end),
      ...all('agent.walked').map((walk) => ({
        lane: 'agent' as const,
        what: 'hydrate',
        from: time(walk.began),
        to: time(walk.at),
      })),
      ...all('agent.predicted').map(({ begins, takesMs }) => ({
        lane: 'agent' as const,
        what: 'predicted',
        from: time(begins),
        to: time(begins) + takesMs,
      })),
      ...all('agent.dump-began').map(({ at }) => ({
        lane: 'agent' as const,
        what: 'dump',
        from: time(at),
        to: after(dumps, time(at)),
      })),
      ...all('agent.held').map(({ at }) => ({
        lane: 'hold' as const,
        what: 'held',
        from: time(at),
        to: after(releases, time(at)),
      })),
    ],
  }
}

/** From each look at which an entry was there to the first at which it was not. */
function presence(
  lane: Lane,
  looks: readonly EventOf<'observed'>[],
  isThere: (look: EventOf<'observed'>) => boolean,
  time: (at: number) => number,
  end: number,
): Span[] {
  const spans: Span[] = []
  let since: number | undefined
  for (const look of looks) {
    if (isThere(look)) since ??= time(look.at)
    else if (since !== undefined) {
      spans.push({ lane, what: 'present', from: since, to: time(look.at) })
      since = undefined
    }
  }
  if (since !== undefined) spans.push({ lane, what: 'present', from: since, to: end })
  return spans
}
