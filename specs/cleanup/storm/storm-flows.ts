/** The flows of the storm, which two threads share: which are live, and what the cleaner has seen of them. */

/** Number of flows. With so many, a flow is dead for about as long as a pass takes. */
export const flowCount = 16_384

/** Source port of the first flow; the others follow. */
export const firstPort = 1_024

/** What a flow is, in the kernel's view. `opening`: conntrack has it, and its first packet is not through the datapath yet. */
export const flowStates = { dead: 0, opening: 1, open: 2 } as const

/** Numbers that the threads tell each other. */
const counters = { stop: 0, passes: 1, exposures: 2, deletes: 3 } as const
type Counter = keyof typeof counters

/** Bytes of the shared memory: a state for each flow, and the counters. */
const bytes = 4 * (flowCount + Object.keys(counters).length)

export class StormFlows {
  readonly memory: SharedArrayBuffer
  readonly #states: Int32Array
  readonly #counters: Int32Array

  constructor(memory = new SharedArrayBuffer(bytes)) {
    this.memory = memory
    this.#states = new Int32Array(memory, 0, flowCount)
    this.#counters = new Int32Array(memory, 4 * flowCount)
  }

  state(flow: number): number {
    return Atomics.load(this.#states, flow)
  }

  set(flow: number, state: keyof typeof flowStates): void {
    Atomics.store(this.#states, flow, flowStates[state])
  }

  /** Copies which flows conntrack has, as a dump does. */
  dump(): Int32Array {
    return this.#states.slice()
  }

  get(counter: Counter): number {
    return Atomics.load(this.#counters, counters[counter])
  }

  add(counter: Counter, by = 1): void {
    Atomics.add(this.#counters, counters[counter], by)
  }
}
