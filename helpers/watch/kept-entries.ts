/** Counts entries that an agent deletes late or never. Pure: the entries and what the kernel says of them are given to it. */

export interface KeptCounts {
  /** Entries of the sample, over all passes. */
  readonly looked: number
  /** Of these: entries whose flow was not in the kernel, so that the next pass can delete them. */
  readonly dead: number
  /** Of these: entries that were still there after that pass, and still without a flow. */
  readonly kept: number
}

/** An entry of the map, by its key. */
export interface LookedEntry {
  readonly key: string
  /** Whether the kernel has its flow. */
  readonly isAlive: boolean
}

export class KeptEntries {
  #counts: KeptCounts = { looked: 0, dead: 0, kept: 0 }
  /** Dead after the last pass. */
  #waiting = new Set<string>()
  /** Counted as kept, and not counted again as long as they are there. */
  #kept = new Set<string>()

  get counts(): KeptCounts {
    return this.#counts
  }

  /** The keys of the entries to look at again after the next pass, without a new sample. */
  get followed(): readonly string[] {
    return [...this.#waiting, ...this.#kept]
  }

  /**
   * A pass is over.
   *
   * @param again the entries of `followed` that are still in the map
   * @param sample other entries
   */
  passed(again: readonly LookedEntry[], sample: readonly LookedEntry[]): void {
    const dead = again.flatMap(({ key, isAlive }) => (isAlive ? [] : [key]))
    const kept = dead.filter((key) => this.#waiting.has(key))
    const known = new Set(this.followed)
    const others = sample.filter(({ key }) => !known.has(key))
    this.#kept = new Set(dead)
    this.#waiting = new Set(others.flatMap(({ key, isAlive }) => (isAlive ? [] : [key])))
    this.#counts = {
      looked: this.#counts.looked + others.length,
      dead: this.#counts.dead + this.#waiting.size,
      kept: this.#counts.kept + kept.length,
    }
  }

  /** The agent has another map. */
  forget(): void {
    this.#waiting.clear()
    this.#kept.clear()
  }
}
