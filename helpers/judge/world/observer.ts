/** Damages the events of attempts: drops, duplicates and moves events, and cuts attempts short. */
import type { AttemptEvent, EventOf, EventType } from '../../history/event.ts'

type Moment = EventOf<'observed'>['moment']

export type Fault =
  | { readonly fault: 'drop' | 'duplicate' | 'cut'; readonly attempt: number; readonly place: number }
  /** Moves an event to another place. Its time stays the same. */
  | { readonly fault: 'move'; readonly attempt: number; readonly place: number; readonly to: number }
  | { readonly fault: 'drop types'; readonly attempt: number; readonly types: readonly EventType[] }
  | { readonly fault: 'drop looks'; readonly attempt: number; readonly moment: Moment }
  | { readonly fault: 'drop flow'; readonly attempt: number; readonly flow: number }

/** Applies the faults. Leaves at least one event of each attempt. */
export function observed(attempts: readonly (readonly AttemptEvent[])[], faults: readonly Fault[]): AttemptEvent[][] {
  const seen = attempts.map((events) => [...events])
  for (const fault of faults) {
    const index = fault.attempt % seen.length
    const events = seen[index]
    if (!events) continue
    const left = damaged(events, fault)
    if (left.length > 0) seen[index] = left
  }
  return seen
}

function damaged(events: readonly AttemptEvent[], fault: Fault): AttemptEvent[] {
  switch (fault.fault) {
    case 'drop types':
      return events.filter(({ type }) => !fault.types.includes(type))
    case 'drop looks':
      return events.filter((event) => event.type !== 'observed' || event.moment !== fault.moment)
    case 'drop flow':
      return events.filter((event) => !('flow' in event) || event.flow !== fault.flow)
    case 'drop':
      return events.toSpliced(fault.place % events.length, 1)
    case 'cut':
      return events.slice(0, fault.place % events.length)
    case 'duplicate':
      return events.toSpliced(fault.place % events.length, 0, ...events.slice(fault.place % events.length).slice(0, 1))
    case 'move': {
      const [moved] = events.slice(fault.place % events.length)
      const rest = events.toSpliced(fault.place % events.length, 1)
      return moved ? rest.toSpliced(fault.to % events.length, 0, moved) : rest
    }
  }
}
