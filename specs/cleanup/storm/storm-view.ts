/** What a reference cleanup sees in the storm: the real map, and the storm's table in place of conntrack. Counts the deletes that the race could hit. */
import type { Generations, Key } from '../../../helpers/agents/reference/agent-view.ts'
import { KernelView } from '../../../fixtures/agents/kernel-view.ts'
import type { BpfMap } from '../../../fixtures/kernel/bpf-map.ts'
import { Conntrack } from '../../../fixtures/kernel/conntrack.ts'
import { firstPort, type StormConntrack } from './storm-conntrack.ts'
import type { StormCounters } from './storm-counters.ts'

/** Offset of the source port in a key of IPv4, in host order. */
const portAt = 4

export class StormView extends KernelView {
  readonly #map: BpfMap
  readonly #table: StormConntrack
  readonly #counters: StormCounters
  /** Returns whether a flow was in the last dump. */
  #dumped: ((flow: number) => boolean) | undefined

  constructor(map: BpfMap, table: StormConntrack, counters: StormCounters, generations?: Generations) {
    super(map, new Conntrack(), 4, generations)
    this.#map = map
    this.#table = table
    this.#counters = counters
  }

  override walk(): Key[] {
    const { count, keys } = this.#map.readAll()
    const { keyBytes } = this.#map.info
    return Array.from({ length: count }, (_, index) => keys.toString('hex', index * keyBytes, (index + 1) * keyBytes))
  }

  override dump(): (key: Key) => boolean {
    const dumped = this.#table.dump()
    this.#dumped = dumped
    return (key) => dumped(flowOf(key))
  }

  override delete(key: Key): void {
    this.#count(key)
    super.delete(key)
  }

  override deleteUnseen(key: Key, since: bigint): boolean {
    this.#count(key)
    return super.deleteUnseen(key, since)
  }

  /** An exposure: the flow was dead in the dump, and its reuse is through datapath and conntrack before the call that deletes its key. */
  #count(key: Key): void {
    const flow = flowOf(key)
    this.#counters.add('deletes')
    if (this.#dumped?.(flow) === false && this.#table.isOpen(flow)) this.#counters.add('exposures')
  }
}

const flowOf = (key: Key): number =>
  Buffer.from(key.slice(2 * portAt, 2 * portAt + 4), 'hex').readUInt16LE() - firstPort
