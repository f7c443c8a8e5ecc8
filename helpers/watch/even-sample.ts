/** Keeps some of many values, evenly spread over all of them. */

/** At most. Half of them are dropped when there are more. */
const most = 20

export class EvenSample {
  #values: number[] = []
  /** One in so many values is kept. */
  #stride = 1
  #added = 0

  get values(): readonly number[] {
    return this.#values
  }

  add(value: number): void {
    if (this.#added++ % this.#stride !== 0) return
    this.#values.push(value)
    if (this.#values.length <= most) return
    this.#values = this.#values.filter((_, index) => index % 2 === 0)
    this.#stride *= 2
  }
}
