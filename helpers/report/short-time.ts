/** A duration as short as it can be read: `13 µs`, `2.45 ms`, `1160 ms`, `600 s`. @param milliseconds not negative */
export function shortTime(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${Math.round(milliseconds / 1000)} s`
  if (milliseconds >= 100) return `${Math.round(milliseconds)} ms`
  if (milliseconds >= 1) return `${Number(milliseconds.toPrecision(3))} ms`
  return `${Number((milliseconds * 1000).toPrecision(3))} µs`
}
