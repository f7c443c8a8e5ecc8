/** Decides which deletes of the agent were wrong: those of flows that were alive. Pure: times and answers are given to it. */
import { flowHash } from '../agent-log/flow-hash.ts'
import type { Tuple } from '../flow.ts'
import type { Pod } from './pods.ts'
import type { DeleteKind } from './watched-passes.ts'

/** A map of the agent. After an upgrade, it has another one. */
export interface WatchedMap {
  readonly mapId: number
  /** Bytes of a key and of a value, e.g. `24/1`. */
  readonly mapLayout: string
}

/** A delete from the agent's map. */
export interface Deleted extends WatchedMap {
  readonly tuple: Tuple
  /** Milliseconds since 1970. */
  readonly deletedMs: number
  /** The process that deleted it, by its number on the machine. */
  readonly process: number
  /** Time from the end of this process's latest conntrack dump to the delete; undefined if no dump was seen. */
  readonly sinceDumpMs?: number
  /** Time from this process's last look at the entry to the delete; undefined if it did not look after its dump, or if that cannot be seen. */
  readonly sinceLookMs?: number
  /** The protected pod; undefined if its name is not known. */
  readonly pod?: Pod
}

/** A live flow whose entry the agent deleted. */
export interface Finding extends Deleted {
  /** Time from the delete until a reply was denied; undefined if none was within `followMs`. */
  readonly deniedAfterMs?: number
  /** Time from the delete until the map had the entry again, as far as that was seen. */
  readonly entryAfterMs?: number
}

export interface WatchCounts extends Record<DeleteKind, number> {
  /** Deletes of entries whose flow was not in the kernel any more. */
  stale: number
  /** Deletes of entries whose flow was in the kernel, and whose entry was missing afterwards. */
  live: number
  /** The flow was in the kernel, but the map had the entry again: the flow may be older than the delete, or younger. */
  undecided: number
  /** Of `live` and `undecided`: those of which a reply was denied. */
  denied: number
}

/** How long the replies of a flow are followed after its delete: a denied handshake is repeated after 1, 3 and 7 s. */
export const followMs = 10_000

interface Followed {
  finding: Finding
  readonly isLive: boolean
}

export class WatchedFlows {
  readonly counts: WatchCounts = { stale: 0, live: 0, undecided: 0, denied: 0 }
  /** By the hash of the tuple, oldest first. */
  readonly #followed = new Map<number, Followed>()
  readonly #onFinding: (finding: Finding) => void

  /** @param onFinding called when a reply was denied, or `followMs` after the delete of a live flow */
  constructor(onFinding: (finding: Finding) => void) {
    this.#onFinding = onFinding
  }

  /** Counts a delete of an entry whose flow was not in the kernel any more. */
  deletedStale(): DeleteKind {
    this.counts.stale++
    return 'stale'
  }

  /** Counts a delete of a flow that was in the kernel right afterwards, and follows it. @param isInMap whether the map already has the entry again */
  deletedAlive(deleted: Deleted, isInMap: boolean): DeleteKind {
    const kind = isInMap ? 'undecided' : 'live'
    this.counts[kind]++
    const { protocol, source, destination } = deleted.tuple
    this.#followed.set(flowHash(protocol, source, destination), {
      finding: deleted,
      isLive: !isInMap,
    })
    return kind
  }

  /** A packet was denied; `tuple` is the packet's. */
  denied({ protocol, source, destination }: Tuple, atMs: number): void {
    const key = flowHash(protocol, destination, source)
    const found = this.#followed.get(key)
    if (!found || atMs < found.finding.deletedMs) return
    this.#followed.delete(key)
    this.counts.denied++
    this.#onFinding({ ...found.finding, deniedAfterMs: atMs - found.finding.deletedMs })
  }

  /** The live flows that are followed and whose entry was not seen again. */
  missing(): readonly Tuple[] {
    return [...this.#followed.values()].flatMap(({ finding, isLive }) =>
      isLive && finding.entryAfterMs === undefined ? [finding.tuple] : [],
    )
  }

  /** The map has the entry of a flow again. */
  entered({ protocol, source, destination }: Tuple, atMs: number): void {
    const found = this.#followed.get(flowHash(protocol, source, destination))
    if (found) found.finding = { ...found.finding, entryAfterMs: atMs - found.finding.deletedMs }
  }

  /** Ends the following of flows whose delete is long ago. @param nowMs Infinity: of all */
  endBefore(nowMs: number): void {
    for (const [key, { finding, isLive }] of this.#followed) {
      if (nowMs - finding.deletedMs < followMs) return
      this.#followed.delete(key)
      if (isLive) this.#onFinding(finding)
    }
  }
}
