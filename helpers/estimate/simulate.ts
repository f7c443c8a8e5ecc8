/**
 * Simulates one 5-tuple on one node by discrete events: its uses, the kernel's timeout, and the agent's passes, with the rules of the model.
 * Tuples do not influence each other, so a node is simulated as many independent tuples.
 */
import type { ModelAlgorithm } from '../model/rules.ts'
import type { MapEntry, Stamp } from '../model/state.ts'
import { start } from '../model/step.ts'
import { meanOf, type Durations, type Random } from './random.ts'
import type { Timing, Workload } from './workload.ts'

export interface Simulated {
  readonly uses: number
  /** Number of replies that found no map entry. */
  readonly lost: number
}

interface Cleaned {
  readonly algorithm: ModelAlgorithm
  readonly stamp: Stamp
}

/** Simulates a tuple. @param span simulated time, in milliseconds */
export function simulateTuple(
  cleaned: Cleaned,
  workload: Workload,
  timing: Timing,
  span: number,
  random: Random,
): Simulated {
  const tuple = new Tuple(cleaned.stamp, workload, random)
  const { algorithm } = cleaned
  const phase = random.uniform() * timing.period
  let memory = start.memory
  for (let cycle = phase; cycle < span; cycle += timing.period) {
    const began = cycle + timing.period / 2
    tuple.usesUntil(cycle)
    const copied = tuple.entry !== undefined
    // The time at which the dump reads an entry depends on the entry's place in the kernel's table.
    const looked = began + random.uniform() * timing.dump
    tuple.usesUntil(looked)
    const missing = !tuple.inKernel(looked)
    const snapshot = began + timing.dump
    if (algorithm.phases === 'one') tuple.usesUntil(snapshot)
    const known = algorithm.phases === 'one' ? tuple.entry !== undefined : copied
    if (known && (missing || algorithm.considers === 'all')) {
      const decides = snapshot + random.duration(timing.snapshotToDelete)
      if (algorithm.rereads) tuple.usesUntil(decides)
      // The second look at the entry comes right before the delete.
      const deletes = algorithm.rereads ? decides + random.duration(timing.rereadToDelete) : decides
      const decision = algorithm.decide(memory, tuple.entry, algorithm.clock(began))
      memory = decision.memory
      tuple.usesUntil(deletes)
      if (decision.fate === 'deleted') tuple.delete(deletes)
    }
    memory = algorithm.end(memory)
  }
  tuple.usesUntil(span)
  return { uses: tuple.uses, lost: tuple.lost }
}

/** The state of a tuple: its uses so far, its kernel entry and its map entry. */
class Tuple {
  entry: MapEntry | undefined
  uses = 0
  lost = 0
  readonly #stamp: Stamp
  readonly #workload: Workload
  readonly #random: Random
  #nextUse: number
  #replyAt = Number.NEGATIVE_INFINITY

  constructor(stamp: Stamp, workload: Workload, random: Random) {
    this.#stamp = stamp
    this.#workload = workload
    this.#random = random
    // Start at a random point, because uses and gaps have been alternating for a long time.
    this.#nextUse = random.uniform() * (meanOf(workload.gap) + workload.replyAfter)
  }

  /** Simulates all uses that begin before this time. */
  usesUntil(time: number): void {
    while (this.#nextUse < time) {
      const began = this.#nextUse
      const fresh: MapEntry = { stamp: this.#stamp === 'none' ? 0 : began }
      this.entry = this.entry && this.#stamp !== 'last-seen' ? this.entry : fresh
      this.uses++
      this.#replyAt = began + this.#workload.replyAfter
      this.#nextUse = this.#replyAt + this.#random.duration(this.#workload.gap)
    }
  }

  inKernel(time: number): boolean {
    return time < this.#replyAt + this.#workload.kernelTimeout
  }

  /** Deletes the entry. A reply that is still to come is then lost. */
  delete(time: number): void {
    this.entry = undefined
    if (this.#replyAt > time) this.lost++
  }
}

/** Makes every duration `times` as long. */
export const stretched = (durations: Durations, times: number): Durations =>
  durations.kind === 'exponential'
    ? { ...durations, mean: durations.mean * times }
    : { ...durations, p50: durations.p50 * times, p95: durations.p95 * times }
