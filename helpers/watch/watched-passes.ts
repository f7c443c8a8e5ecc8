/** Divides the agent's deletes into passes. Pure: the deletes and the time are given to it. */

/** What became of the flow of a deleted entry: it was not in the kernel, it was alive, or the map had the entry again. */
export type DeleteKind = 'stale' | 'live' | 'undecided'

/** The dump of conntrack by which the agent chose an entry that it deleted. */
export interface DumpBeforeDelete {
  /** How long the kernel wrote it. An entry may have been read at any time during it. */
  readonly dumpMs: number
  /** Time from its end to the delete. */
  readonly sinceDumpMs: number
}

/** A pass that deleted something. The dump is that before its first delete, if it was seen. */
export interface WatchedPass extends Readonly<Record<DeleteKind, number>>, Partial<DumpBeforeDelete> {
  /** When it deleted its first entry, in milliseconds since 1970. */
  readonly beganMs: number
  /** Time from its first delete to its last. The window of the last entry was longer than this, by `sinceDumpMs`. */
  readonly lastsMs: number
}

/** Deletes that are further apart belong to two passes. */
export const passGapMs = 1000

export class WatchedPasses {
  /** Passes that deleted something, with the one that is not over. */
  count = 0
  #now: WatchedPass | undefined
  readonly #onPass: (pass: WatchedPass) => void

  /** @param onPass called when a pass is over */
  constructor(onPass: (pass: WatchedPass) => void) {
    this.#onPass = onPass
  }

  deleted(atMs: number, kind: DeleteKind, dump?: DumpBeforeDelete): void {
    this.endBefore(atMs)
    if (!this.#now) {
      this.#now = { beganMs: atMs, lastsMs: 0, stale: 0, live: 0, undecided: 0, ...dump }
      this.count++
    }
    const { beganMs, lastsMs } = this.#now
    this.#now = { ...this.#now, lastsMs: Math.max(lastsMs, atMs - beganMs), [kind]: this.#now[kind] + 1 }
  }

  /** Ends the pass if its last delete is long ago. @param nowMs Infinity: in any case */
  endBefore(nowMs: number): void {
    if (!this.#now || nowMs - this.#now.beganMs - this.#now.lastsMs <= passGapMs) return
    this.#onPass(this.#now)
    this.#now = undefined
  }
}
