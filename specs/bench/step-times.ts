/** Measures how long each step of an attempt takes: the median of many attempts. */
import type { Step } from '../../helpers/schedule/schedule.ts'
import { median } from './figure.ts'

type Part = 'set-up' | Step | 'clean-up'

export class StepTimes {
  readonly #took = new Map<Part, number[]>()
  #part: Part = 'set-up'
  #since = performance.now()

  /** An attempt begins. */
  begin(): void {
    this.#part = 'set-up'
    this.#since = performance.now()
  }

  /** Ends the part before, and begins this one. */
  next(part: Part): void {
    const now = performance.now()
    const took = this.#took.get(this.#part)
    if (took) took.push(now - this.#since)
    else this.#took.set(this.#part, [now - this.#since])
    this.#part = part
    this.#since = now
  }

  /** Returns milliseconds, in the order in which the parts first ended. */
  medians(): { readonly what: Part; readonly value: number }[] {
    return [...this.#took].map(([what, took]) => ({ what, value: median(took) }))
  }
}
