/** Computes a linear axis with ticks at round values. */
export interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

/**
 * Builds a scale.
 *
 * @param from the smallest value
 * @param to the greatest value
 * @param start position of the smallest value in the picture
 * @param end position of the greatest value in the picture
 * @param wantedTicks approximate number of ticks: enough to read values, and few enough that their labels do not overlap
 */
export function linearScale(from: number, to: number, start: number, end: number, wantedTicks = 8): Scale {
  const width = to > from ? to - from : 1
  const rough = width / wantedTicks
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((each) => each >= rough) ?? rough
  const first = Math.ceil(from / step)
  const count = Math.floor((from + width) / step) - first + 1
  return {
    at: (value) => Math.round((start + ((value - from) / width) * (end - start)) * 10) / 10,
    ticks: Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12))),
  }
}

/** Returns the unit of a time axis. @param longest the longest time on it, in milliseconds */
export const unitFor = (longest: number): { readonly name: string; readonly ms: number } =>
  longest >= 10_000 ? { name: 's', ms: 1000 } : { name: 'ms', ms: 1 }
