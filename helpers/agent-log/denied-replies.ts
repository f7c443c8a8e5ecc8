/**
 * Finds replies that were denied soon after the agent had deleted the entry of their flow. That is what the race looks like in a log: the
 * datapath no longer knows the flow, so it judges the reply as a new flow.
 *
 * A late packet of a dead flow looks the same. Such packets come at any time, but the reply to a reused flow comes soon. So the flows
 * denied in the time `within` after their delete are compared with those denied in an equally long time after that.
 */
import type { Tuple } from '../flow.ts'
import { flowHash } from './flow-hash.ts'

/** A flow with a denied reply. */
export interface DeniedFlow {
  readonly tuple: Tuple
  /** When the agent logged the delete, in milliseconds since 1970. */
  readonly deletedMs: number
  /** Time from the delete to the first denied reply. */
  readonly gapMs: number
  /** Whether the denial is one of the comparison: later than `within`. */
  readonly isLate: boolean
}

/** The most deletes that are remembered in each of the two maps, so that memory stays bounded: both together take about 25 MB. */
const maxDeletes = 2 ** 17

export class DeniedReplies {
  /** When each flow was deleted, by the hash of its tuple. A flow is removed when its first reply is denied. */
  #recent = new Map<number, number>()
  /** The deletes before those. All are forgotten at once, which is faster than one after the other. */
  #older = new Map<number, number>()
  #recentSinceMs = -Infinity
  readonly #withinMs: number
  #forgotten = 0

  constructor(withinMs: number) {
    this.#withinMs = withinMs
  }

  /** How many deletes may have been forgotten before their time, because there were too many. */
  get forgotten(): number {
    return this.#forgotten
  }

  deleted({ protocol, source, destination }: Tuple, atMs: number): void {
    const isOver = atMs - this.#recentSinceMs > 2 * this.#withinMs
    if (isOver || this.#recent.size >= maxDeletes) {
      if (!isOver) this.#forgotten += this.#older.size
      this.#older = this.#recent
      this.#recent = new Map()
      this.#recentSinceMs = atMs
    }
    this.#recent.set(flowHash(protocol, source, destination), atMs)
  }

  /** The flow was accepted again, so it has an entry again, and a later denial has another reason. */
  accepted({ protocol, source, destination }: Tuple): void {
    if (this.#recent.size + this.#older.size > 0) this.#take(flowHash(protocol, source, destination))
  }

  /** @returns undefined if the packet is not a reply of a flow that was deleted shortly before, or not the first one */
  denied({ protocol, source, destination }: Tuple, atMs: number): DeniedFlow | undefined {
    const deletedMs = this.#take(flowHash(protocol, destination, source))
    if (deletedMs === undefined) return undefined
    const gapMs = atMs - deletedMs
    if (gapMs < 0 || gapMs > 2 * this.#withinMs) return undefined
    const tuple: Tuple = { protocol, source: destination, destination: source }
    return { tuple, deletedMs, gapMs, isLate: gapMs > this.#withinMs }
  }

  /** Removes a flow. @returns when it was deleted */
  #take(key: number): number | undefined {
    const atMs = this.#recent.get(key) ?? this.#older.get(key)
    if (atMs === undefined) return undefined
    this.#recent.delete(key)
    this.#older.delete(key)
    return atMs
  }
}
