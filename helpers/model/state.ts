/**
 * The world of one flow, as small as it can be and still lose: its kernel entry, its map entry with a stamp, and one agent.
 *
 * Time is a count of steps. Flows of a wave share their fate, so one stands for all.
 */
import type { Window } from '../windows.ts'

/** When the datapath stamps the entries that it keeps. */
export type Stamp = 'none' | 'added-at' | 'last-seen'

/** A count of steps; the wall's clock is far ahead of the monotonic one, as 1970 is far before a machine's start. */
export type Tick = number
export const wallClockAhead: Tick = 1e15

export interface MapEntry {
  /** 0 where the datapath stamps nothing. */
  readonly stamp: Tick
}

/** What an algorithm remembers from pass to pass, beside the keys that it has copied. */
export interface Memory {
  readonly cycle: 'even' | 'odd'
  /** Whether the pass of that kind has missed the flow. */
  readonly missed: { readonly even: boolean; readonly odd: boolean }
}

/** A compare pass that is under way: the agent is held in it. */
export interface Pass {
  readonly held: Window
  /** The time that its guard compares stamps with. */
  readonly began: Tick
  /** The kernel's table did not have the flow at the snapshot. */
  readonly missing: boolean
  /** What the re-read saw; undefined before it. */
  readonly reread: { readonly entry: MapEntry | undefined } | undefined
}

export interface State {
  readonly now: Tick
  /** The 5-tuple is in use, and the kernel's table has it. */
  readonly live: boolean
  readonly entry: MapEntry | undefined
  /** The agent has copied the key: its next tick is a compare pass. */
  readonly copied: boolean
  readonly memory: Memory
  readonly pass: Pass | undefined
}

/** States with the same key go on in the same way: of times only their order matters. */
export function keyOf({ live, entry, copied, memory, pass }: State): string {
  const stamp = entry?.stamp
  const read = pass?.reread?.entry?.stamp
  const times = [stamp, read, pass?.began].filter((time) => time !== undefined)
  const ranks = [...new Set(times)].toSorted((a, b) => a - b)
  const rank = (time: Tick | undefined): string => (time === undefined ? '-' : String(ranks.indexOf(time)))
  return [
    live ? 'L' : 'd',
    rank(stamp),
    copied ? 'c' : '-',
    memory.cycle[0],
    memory.missed.even ? 'e' : '-',
    memory.missed.odd ? 'o' : '-',
    pass ? `${pass.held}${pass.missing ? 'm' : '-'}${rank(pass.began)}${pass.reread ? `r${rank(read)}` : ''}` : '',
  ].join('')
}
