/** Stands in for conntrack in the storm: which flows are live. Two threads share it. */
import { BpfMap } from '../../../fixtures/kernel/bpf-map.ts'
import type { Hook } from '../../../helpers/model/concurrent/datapath.ts'

/** Number of flows. With so many, a flow is dead for about as long as a pass takes. `FLOWS` in bpf/example-storm.c. */
export const flowCount = 16_384

/** Source port of the first flow; the others follow. `FIRST_PORT` in bpf/example-storm.c. */
export const firstPort = 1_024

export interface StormConntrack {
  /** Uses a dead flow. @param forward runs the datapath on a packet of the client, and returns whether it passes @returns the same */
  open(flow: number, forward: (flow: number) => boolean): boolean
  /** Forgets a flow. */
  forget(flow: number): void
  /** Whether a packet of the flow is through the datapath and conntrack. */
  isOpen(flow: number): boolean
  /** Copies which flows it has. */
  dump(): (flow: number) => boolean
}

/** What a thread needs to open the same table. */
export type StormTable =
  | { readonly hook: Extract<Hook, 'after conntrack'>; readonly memory: SharedArrayBuffer }
  /** `map`: the number of the eBPF map `confirmed`. */
  | { readonly hook: Extract<Hook, 'before conntrack'>; readonly map: number }

/** Bytes of the memory of a table. */
export const tableBytes = 4 * flowCount

const states = { dead: 0, opening: 1, open: 2 } as const

/** For a datapath after conntrack: a flow is in the table before its packet reaches the datapath. */
class TableBeforeDatapath implements StormConntrack {
  readonly #states: Int32Array

  constructor(memory: SharedArrayBuffer) {
    this.#states = new Int32Array(memory)
  }

  open(flow: number, forward: (flow: number) => boolean): boolean {
    Atomics.store(this.#states, flow, states.opening)
    const passes = forward(flow)
    Atomics.store(this.#states, flow, states.open)
    return passes
  }

  forget(flow: number): void {
    Atomics.store(this.#states, flow, states.dead)
  }

  isOpen(flow: number): boolean {
    return Atomics.load(this.#states, flow) === states.open
  }

  dump(): (flow: number) => boolean {
    const copy = this.#states.slice()
    return (flow) => copy[flow] !== states.dead
  }
}

/** For a datapath before conntrack: the eBPF program that runs the datapath adds the flow to the table afterwards. */
class TableAfterDatapath implements StormConntrack {
  readonly #map: BpfMap

  constructor(map: BpfMap) {
    this.#map = map
  }

  open(flow: number, forward: (flow: number) => boolean): boolean {
    return forward(flow)
  }

  forget(flow: number): void {
    this.#map.update(number(flow), number(0))
  }

  isOpen(flow: number): boolean {
    return this.#map.lookup(number(flow))?.readUInt32LE() === 1
  }

  dump(): (flow: number) => boolean {
    const { values } = this.#map.readAll()
    return (flow) => values.readUInt32LE(4 * flow) === 1
  }
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** Opens a table in the calling thread. */
export const openTable = (table: StormTable): StormConntrack =>
  table.hook === 'before conntrack'
    ? new TableAfterDatapath(BpfMap.openById(table.map))
    : new TableBeforeDatapath(table.memory)
