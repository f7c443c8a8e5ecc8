/** What a reference cleanup sees in the storm: the real map, and the storm's flows in place of conntrack. Counts the deletes that the race could hit. */
import type { AgentView, Generations, Key, StampNs } from '../../../helpers/agents/reference/agent-view.ts'
import { markedValue, valueStamp } from '../../../helpers/codecs/map-value.ts'
import { UnseenDelete } from '../../../fixtures/agents/reference/unseen-delete.ts'
import type { BpfMap } from '../../../fixtures/kernel/bpf-map.ts'
import { firstPort, flowStates, type StormFlows } from './storm-flows.ts'

/** Offset of the source port in a key of IPv4, in host order. */
const portAt = 4

export class StormView implements AgentView {
  readonly generations?: Generations
  readonly #map: BpfMap
  readonly #flows: StormFlows
  #unseen: UnseenDelete | undefined
  /** The last dump. */
  #dumped: Int32Array | undefined

  constructor(map: BpfMap, flows: StormFlows, generations?: Generations) {
    this.#map = map
    this.#flows = flows
    if (generations) this.generations = generations
  }

  walk(): Key[] {
    const { count, keys } = this.#map.readAll()
    const { keyBytes } = this.#map.info
    return Array.from({ length: count }, (_, index) => keys.toString('hex', index * keyBytes, (index + 1) * keyBytes))
  }

  dump(): (key: Key) => boolean {
    const dumped = this.#flows.dump()
    this.#dumped = dumped
    return (key) => dumped[flowOf(key)] !== flowStates.dead
  }

  read(key: Key): { readonly stamp: StampNs } | undefined {
    const value = this.#map.lookup(Buffer.from(key, 'hex'))
    return value && { stamp: valueStamp(value) }
  }

  /** Reads the value and replaces it, in two calls. If a packet comes between them, its stamp is overwritten. */
  mark(key: Key): void {
    const bytes = Buffer.from(key, 'hex')
    const value = this.#map.lookup(bytes)
    if (value) this.#map.update(bytes, markedValue(value))
  }

  delete(key: Key): void {
    this.#count(key)
    this.#map.delete(Buffer.from(key, 'hex'))
  }

  deleteUnseen(key: Key, since: bigint): boolean {
    this.#count(key)
    this.#unseen ??= new UnseenDelete(this.#map)
    return this.#unseen.delete(Buffer.from(key, 'hex'), since)
  }

  monotonic(): bigint {
    return process.hrtime.bigint()
  }

  wallClock(): bigint {
    return BigInt(Date.now()) * 1_000_000n
  }

  /** An exposure: the flow was dead in the dump, and its reuse is through the datapath before the call that deletes its key. */
  #count(key: Key): void {
    const flow = flowOf(key)
    this.#flows.add('deletes')
    if (this.#dumped?.[flow] === flowStates.dead && this.#flows.state(flow) === flowStates.open)
      this.#flows.add('exposures')
  }
}

const flowOf = (key: Key): number =>
  Buffer.from(key.slice(2 * portAt, 2 * portAt + 4), 'hex').readUInt16LE() - firstPort
