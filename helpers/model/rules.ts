/** Rules of the model that cleanup algorithms are made of. What each loses is not written here: it comes out of the exploration. */
import { wallClockAhead, type MapEntry, type Memory, type Tick } from './state.ts'

export interface Decision {
  readonly fate: 'deleted' | 'kept'
  readonly memory: Memory
}

export interface ModelAlgorithm {
  /** `two`: one tick copies the keys, the next compares them. `one`: each tick dumps the kernel's table, and then walks the map. */
  readonly phases: 'one' | 'two'
  /** It reads an entry once more before it decides. */
  readonly rereads: boolean
  /** What it decides about: copied keys that the snapshot misses, or all. */
  readonly considers: 'missing' | 'all'
  /** The time that stamps are compared with. */
  readonly clock: (now: Tick) => Tick
  /** @param entry what the re-read saw */
  readonly decide: (memory: Memory, entry: MapEntry | undefined, began: Tick) => Decision
  /** When a compare pass is over. */
  readonly end: (memory: Memory) => Memory
}

const deletes = (memory: Memory): Decision => ({ fate: 'deleted', memory })
/** Whatever it sees. */
export const keeps = (memory: Memory): Decision => ({ fate: 'kept', memory })
const same = (memory: Memory): Memory => memory
const monotonic = (now: Tick): Tick => now
export const wallClock = (now: Tick): Tick => now + wallClockAhead

export const twoPhases: ModelAlgorithm = {
  phases: 'two',
  rereads: false,
  considers: 'missing',
  clock: monotonic,
  decide: deletes,
  end: same,
}

export const onePhase: ModelAlgorithm = { ...twoPhases, phases: 'one' }

/** An entry that is gone, or was stamped since the pass began, is kept. */
const guard: ModelAlgorithm['decide'] = (memory, entry, began) =>
  !entry || (entry.stamp !== 0 && entry.stamp >= began) ? keeps(memory) : deletes(memory)

/** Misses are counted, whatever their cycle. */
export const atThirdMiss: ModelAlgorithm['decide'] = ({ cycle, missed: { even, odd } }) => {
  if (even && odd) return deletes({ cycle, missed: { even: false, odd: false } })
  return keeps({ cycle, missed: { even: true, odd: even } })
}

/** Reads the entry again right before it decides, and compares its stamp with the time before the dump. */
export const guarded: ModelAlgorithm = { ...twoPhases, rereads: true, decide: guard }

const other = { even: 'odd', odd: 'even' } as const

/** Deletes what two compare passes in a row have missed. */
export const atSecondMiss: ModelAlgorithm = {
  ...twoPhases,
  decide: (memory) =>
    memory.missed[other[memory.cycle]]
      ? deletes(memory)
      : keeps({ ...memory, missed: { ...memory.missed, [memory.cycle]: true } }),
  end: ({ cycle, missed }) => ({ cycle: other[cycle], missed: { ...missed, [other[cycle]]: false } }),
}
