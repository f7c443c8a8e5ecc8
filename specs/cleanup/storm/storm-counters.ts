/** Numbers that the threads of the storm share. */

const counters = { stop: 0, passes: 1, exposures: 2, deletes: 3 } as const
type Counter = keyof typeof counters

export class StormCounters {
  readonly memory: SharedArrayBuffer
  readonly #numbers: Int32Array

  constructor(memory = new SharedArrayBuffer(4 * Object.keys(counters).length)) {
    this.memory = memory
    this.#numbers = new Int32Array(memory)
  }

  get(counter: Counter): number {
    return Atomics.load(this.#numbers, counters[counter])
  }

  add(counter: Counter, by = 1): void {
    Atomics.add(this.#numbers, counters[counter], by)
  }
}
