/**
 * Defines the state of the model: one flow with its kernel entry and its stamped map entry, and one agent. This is the smallest world in which a
 * flow can be lost.
 *
 * Time is a number of steps. One flow is enough, because the flows of a wave are lost or kept together.
 */
import type { Window } from '../windows.ts'

/** When the datapath stamps the entries that it keeps. */
export type Stamp = 'none' | 'added-at' | 'last-seen'

/** A number of steps. The wall clock is far ahead of the monotonic clock, because it counts from 1970 and not from the start of the machine. */
export type Tick = number
export const wallClockAhead: Tick = 1e15

export interface MapEntry {
  /** 0 if the datapath does not stamp entries. */
  readonly stamp: Tick
}

/** What an algorithm remembers from pass to pass, in addition to the copied keys. */
export interface Memory {
  readonly cycle: 'even' | 'odd'
  /** Whether the flow was missing in the last even and in the last odd pass. */
  readonly missed: { readonly even: boolean; readonly odd: boolean }
}

/** A compare pass in which the agent is held. */
export interface Pass {
  readonly held: Window
  /** The time that the guard compares stamps with. */
  readonly began: Tick
  /** Whether the flow was missing in the kernel's table at the snapshot. */
  readonly missing: boolean
  /** What the re-read saw; undefined before the re-read. */
  readonly reread: { readonly entry: MapEntry | undefined } | undefined
}

export interface State {
  readonly now: Tick
  /** Whether the 5-tuple is in use, and in the kernel's table. */
  readonly live: boolean
  readonly entry: MapEntry | undefined
  /** The entry of the previous generation, if the map has two. */
  readonly previous: MapEntry | undefined
  /** Whether the agent has copied the key. If so, its next tick is a compare pass. */
  readonly copied: boolean
  readonly memory: Memory
  readonly pass: Pass | undefined
}

/** Whether the datapath finds the flow in the map. */
export const isInMap = ({ entry, previous }: State): boolean => entry !== undefined || previous !== undefined

/** Returns the same key for states that behave in the same way. Only the order of times matters, so the key has their ranks. */
export function keyOf({ live, entry, previous, copied, memory, pass }: State): string {
  const stamp = entry?.stamp
  const read = pass?.reread?.entry?.stamp
  const times = [stamp, read, pass?.began].filter((time) => time !== undefined)
  const ranks = [...new Set(times)].toSorted((a, b) => a - b)
  const rank = (time: Tick | undefined): string => (time === undefined ? '-' : String(ranks.indexOf(time)))
  return [
    live ? 'L' : 'd',
    rank(stamp),
    // A mark is a stamp that is before all times.
    stamp === 0 ? 'm' : '',
    // Maps with generations have no stamps.
    previous ? 'p' : '',
    copied ? 'c' : '-',
    memory.cycle[0],
    memory.missed.even ? 'e' : '-',
    memory.missed.odd ? 'o' : '-',
    pass
      ? `${pass.held}${pass.missing ? 'm' : '-'}${rank(pass.began)}${pass.reread ? `r${rank(read)}${read === 0 ? 'm' : ''}` : ''}`
      : '',
  ].join('')
}
