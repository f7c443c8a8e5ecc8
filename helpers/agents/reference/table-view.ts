/** For tests of the reference agents: a simulated kernel. */
import { referenceAgents, type ReferenceAlgorithm } from '../reference.ts'
import type { AgentView, Key, StampNs } from './agent-view.ts'

/** A simulated kernel. It calls `between` right after the dump, which is in the window. */
export class TableView implements AgentView {
  readonly map = new Map<Key, StampNs>()
  readonly kernel = new Set<Key>()
  between: (() => void) | undefined
  afterRead: ((key: Key) => void) | undefined
  readonly calls: string[] = []
  /** The flows that it forgot since the agent asked. */
  readonly events = new Set<Key>()
  #now = 1000n

  walk(): Key[] {
    this.calls.push('walk')
    return [...this.map.keys()]
  }
  dump(): (key: Key) => boolean {
    this.calls.push('dump')
    const seen = new Set(this.kernel)
    this.between?.()
    return (key) => seen.has(key)
  }
  destroyed(): (key: Key) => boolean {
    const destroyed = new Set(this.events)
    this.events.clear()
    return (key) => destroyed.has(key)
  }
  read(key: Key): { stamp: StampNs } | undefined {
    this.calls.push(`read ${key}`)
    const found = this.map.has(key) ? { stamp: this.map.get(key) } : undefined
    this.afterRead?.(key)
    return found
  }
  delete(key: Key): void {
    this.calls.push(`delete ${key}`)
    this.map.delete(key)
  }
  mark(key: Key): void {
    this.calls.push(`mark ${key}`)
    if (this.map.has(key)) this.map.set(key, 0n)
  }
  deleteUnseen(key: Key, since: bigint): boolean {
    this.calls.push(`delete unseen ${key}`)
    const stamp = this.map.get(key)
    return stamp !== undefined && stamp < since && this.map.delete(key)
  }
  monotonic(): bigint {
    return this.#now++
  }
  wallClock(): bigint {
    return this.monotonic() + 1_700_000_000_000_000_000n
  }
}

/** Returns a kernel with a stale entry `a` that a hydrate has copied. `stamp` is the entry's stamp. */
export function stale(algorithm: ReferenceAlgorithm, stamp?: bigint) {
  const view = new TableView()
  const cleanup = referenceAgents[algorithm].program(view)
  view.map.set('a', stamp)
  if (algorithm !== 'immediate') cleanup.pass()
  return { view, cleanup }
}
