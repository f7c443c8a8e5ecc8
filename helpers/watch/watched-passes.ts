/** Divides the agent's deletes into passes. Pure: the deletes and the time are given to it. */
import { EvenSample } from './even-sample.ts'

/** What became of the flow of a deleted entry: it was not in the kernel, it was alive, or the map had the entry again. */
export type DeleteKind = 'stale' | 'live' | 'undecided'

/** The dump of conntrack by which the agent chose an entry that it deleted. */
interface DumpBeforeDelete {
  /** How long the kernel wrote it. An entry may have been read at any time during it. */
  readonly dumpMs: number
  /** Time from its end to the delete. */
  readonly sinceDumpMs: number
}

/** What is known of a delete in addition to its time. */
export interface DeleteTimes {
  readonly dump?: DumpBeforeDelete | undefined
  /** Time from the agent's last look at the entry, after its dump, to the delete, in milliseconds; undefined if it did not look again. */
  readonly sinceLookMs?: number | undefined
}

/** A pass that deleted something. The dump is that before its first delete, if it was seen. */
export interface WatchedPass extends Readonly<Record<DeleteKind, number>>, Partial<DumpBeforeDelete> {
  /** When it deleted its first entry, in milliseconds since 1970. */
  readonly beganMs: number
  /** Time from its first delete to its last. The window of the last entry was longer than this, by `sinceDumpMs`. */
  readonly lastsMs: number
  /** Time from the agent's last look at an entry to its delete, of some deletes of the pass that are evenly spread over it; missing if it did not look. */
  readonly sinceLookMs?: readonly number[]
}

/** Deletes that are further apart belong to two passes. */
export const passGapMs = 1000

export class WatchedPasses {
  /** Passes that deleted something, with the one that is not over. */
  count = 0
  #now: WatchedPass | undefined
  #looks = new EvenSample()
  readonly #onPass: (pass: WatchedPass) => void

  /** @param onPass called when a pass is over */
  constructor(onPass: (pass: WatchedPass) => void) {
    this.#onPass = onPass
  }

  deleted(atMs: number, kind: DeleteKind, { dump, sinceLookMs }: DeleteTimes = {}): void {
    this.endBefore(atMs)
    if (!this.#now) {
      this.#looks = new EvenSample()
      this.#now = { beganMs: atMs, lastsMs: 0, stale: 0, live: 0, undecided: 0, ...dump }
      this.count++
    }
    if (sinceLookMs !== undefined) this.#looks.add(sinceLookMs)
    const { beganMs, lastsMs } = this.#now
    this.#now = { ...this.#now, lastsMs: Math.max(lastsMs, atMs - beganMs), [kind]: this.#now[kind] + 1 }
  }

  /** Ends the pass if its last delete is long ago. @param nowMs Infinity: in any case */
  endBefore(nowMs: number): void {
    if (!this.#now || nowMs - this.#now.beganMs - this.#now.lastsMs <= passGapMs) return
    const { values } = this.#looks
    this.#onPass({ ...this.#now, ...(values.length > 0 && { sinceLookMs: values }) })
    this.#now = undefined
  }
}
