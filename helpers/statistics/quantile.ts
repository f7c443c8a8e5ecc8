/**
 * Returns a quantile of a sample, by linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
 *
 * @param q between 0 and 1
 * @returns undefined for an empty sample
 */
export function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * q
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) return undefined
  return below + (above - below) * (position - Math.floor(position))
}
