/** Defines cleanup algorithms as rules of the model. They do not say which flows an algorithm loses: the exploration finds that out. */
import { wallClockAhead, type MapEntry, type Memory, type Tick } from './state.ts'

export interface Decision {
  /** `marked`: kept, with a stamp of 0. */
  readonly fate: 'deleted' | 'kept' | 'marked'
  readonly memory: Memory
}

export interface ModelAlgorithm {
  /** `two`: one tick copies the keys, and the next compares them. `one`: each tick dumps the kernel's table and then walks the map. */
  readonly phases: 'one' | 'two'
  /** Whether it reads an entry again before it decides. */
  readonly rereads: boolean
  /** The map has a current and a previous generation. A pass deletes the previous one; `copied`: first it copies what is in the snapshot. */
  readonly generations?: 'copied' | 'not copied'
  /** What deletes an entry. The agent can be held before a system call, but not in an eBPF program. */
  readonly deletesIn: 'system call' | 'program'
  /** The keys that it decides about: copied keys that are missing in the snapshot, or all keys. */
  readonly considers: 'missing' | 'all'
  /** Returns the time that stamps are compared with. */
  readonly clock: (now: Tick) => Tick
  /** Decides about the entry. @param entry what the re-read saw */
  readonly decide: (memory: Memory, entry: MapEntry | undefined, began: Tick) => Decision
  /** Returns the memory after a compare pass. */
  readonly end: (memory: Memory) => Memory
}

const deletes = (memory: Memory): Decision => ({ fate: 'deleted', memory })
/** Keeps the entry, whatever the re-read saw. */
export const keeps = (memory: Memory): Decision => ({ fate: 'kept', memory })
const same = (memory: Memory): Memory => memory
const monotonic = (now: Tick): Tick => now
export const wallClock = (now: Tick): Tick => now + wallClockAhead

export const twoPhases: ModelAlgorithm = {
  phases: 'two',
  rereads: false,
  deletesIn: 'system call',
  considers: 'missing',
  clock: monotonic,
  decide: deletes,
  end: same,
}

export const onePhase: ModelAlgorithm = { ...twoPhases, phases: 'one' }

/** Keeps an entry that is gone or was stamped after the pass began. */
const guard: ModelAlgorithm['decide'] = (memory, entry, began) =>
  !entry || (entry.stamp !== 0 && entry.stamp >= began) ? keeps(memory) : deletes(memory)

/** Deletes an entry at its third miss. The fields `even` and `odd` count the misses here: their names have no meaning. */
export const atThirdMiss: ModelAlgorithm['decide'] = ({ cycle, missed: { even, odd } }) => {
  if (even && odd) return deletes({ cycle, missed: { even: false, odd: false } })
  return keeps({ cycle, missed: { even: true, odd: even } })
}

/** Reads the entry again right before it decides, and compares the stamp with the time before the dump. */
export const guarded: ModelAlgorithm = { ...twoPhases, rereads: true, decide: guard }

/** Marks an entry when it is missed, and deletes it if it is still marked when it is missed again. */
export const atSecondLook: ModelAlgorithm = {
  ...guarded,
  decide(memory, entry) {
    if (!entry) return keeps(memory)
    return entry.stamp === 0 ? deletes(memory) : { fate: 'marked', memory }
  },
}

/** Compares and deletes in one eBPF program, so that it cannot be held between the two. */
export const guardedInProgram: ModelAlgorithm = { ...guarded, rereads: false, deletesIn: 'program' }

const other = { even: 'odd', odd: 'even' } as const

/** Deletes an entry that two compare passes in a row missed. */
export const atSecondMiss: ModelAlgorithm = {
  ...twoPhases,
  decide: (memory) =>
    memory.missed[other[memory.cycle]]
      ? deletes(memory)
      : keeps({ ...memory, missed: { ...memory.missed, [memory.cycle]: true } }),
  end: ({ cycle, missed }) => ({ cycle: other[cycle], missed: { ...missed, [other[cycle]]: false } }),
}
