/** Finds everything in an attempt that has a duration: entries, holds, dumps, walks, phases and the window. */
import { byType } from '../../history/by-type.ts'
import type { AttemptEvent } from '../../history/event.ts'
import { heldFrom } from '../../judge/exposure-held.ts'
import { timelineOf } from '../../judge/timeline.ts'
import { windowTable, type Window } from '../../windows.ts'
import type { Ns } from '../../units.ts'
import type { Lane } from '../event-text.ts'
import { presenceIn } from './presence.ts'

interface Stretch {
  /** Milliseconds since the beginning of the attempt. */
  readonly from: number
  readonly to: number
}

interface Span extends Stretch {
  readonly lane: Lane
  readonly what: string
}

export interface Spans {
  readonly spans: readonly Span[]
  /** The five phases. Each lasts until the next one begins. */
  readonly phases: readonly (Stretch & { readonly phase: number })[]
  /** From the agent's last look at kernel or map to its first delete, or to the end of its pass. */
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
  const looked = openedAt(events, window)
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
      ...(['kernel', 'map'] as const).flatMap((table) =>
        presenceIn(table, events).map(({ from: since, to }) => ({
          lane: `${table} entry` as const,
          what: 'present',
          from: time(since),
          to: to === undefined ? end : time(to),
        })),
      ),
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

/** Returns when the window opened for the first flow. If the agent was not held: the time of its last look before its first delete. */
function openedAt(events: readonly AttemptEvent[], window: Window): Ns | undefined {
  const timeline = timelineOf(events)
  if (!timeline) return undefined
  const flows = timeline.begin.flows.map(({ flow }) => flow)
  if (timeline.holds.length > 0)
    return flows.flatMap((flow) => heldFrom(timeline, flow, window) ?? []).toSorted(ascending)[0]
  const deleted = byType(events)('agent.deleted')[0]?.at ?? Infinity
  return flows
    .flatMap((flow) => windowTable[window].lastLook(timeline, flow, deleted) ?? [])
    .toSorted(ascending)
    .at(-1)
}

const ascending = (a: number, b: number): number => a - b
