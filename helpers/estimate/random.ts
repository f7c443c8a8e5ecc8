/** Generates random durations from a seed. The same seed gives the same simulation. */
import jStat from 'jstat'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A distribution of durations. */
export type Durations =
  /** Memoryless, with this mean. */
  | { readonly kind: 'exponential'; readonly mean: number }
  /** Log-normal, by its median and its 95th percentile. */
  | { readonly kind: 'log-normal'; readonly p50: number; readonly p95: number }

/** Distance of the 95th percentile of a normal distribution from its median, in standard deviations. */
const p95Deviations = jStat.normal.inv(0.95, 0, 1)

export class Random {
  readonly #generator: ReturnType<typeof xoroshiro128plus>

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed)
  }

  /** Returns a number from 0 up to, but not including, 1. */
  uniform(): number {
    return uniformFloat64(this.#generator)
  }

  duration(of: Durations): number {
    if (of.kind === 'exponential') return -of.mean * Math.log(1 - this.uniform())
    if (of.p95 <= of.p50) return of.p50
    const deviation = Math.log(of.p95 / of.p50) / p95Deviations
    return of.p50 * Math.exp(deviation * jStat.normal.inv(Math.max(this.uniform(), Number.EPSILON), 0, 1))
  }
}

export const meanOf = (durations: Durations): number => {
  if (durations.kind === 'exponential') return durations.mean
  if (durations.p95 <= durations.p50) return durations.p50
  const deviation = Math.log(durations.p95 / durations.p50) / p95Deviations
  return durations.p50 * Math.exp((deviation * deviation) / 2)
}
