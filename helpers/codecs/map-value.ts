/** The values of the agent's conntrack map, by their size (the agent's source). */

/** Returns the value with a stamp of 0; the same value if the layout has none. */
export function markedValue(value: Buffer): Buffer {
  const marked = Buffer.from(value)
  if (valueStamp(value) !== undefined) marked.writeBigUInt64LE(0n, 8)
  return marked
}

/**
 * The stamp of a value: when the datapath added the entry or last saw it, by the datapath's kind; nanoseconds of CLOCK_MONOTONIC.
 *
 * @returns undefined if the layout has none
 * @throws RangeError for a size that no known layout has
 */
export function valueStamp(value: Buffer): bigint | undefined {
  switch (value.length) {
    case 1: // Up to v1.4.2; the pod's policy state.
    case 4: // Up to v1.0.4.
      return undefined
    case 16:
      return value.readBigUInt64LE(8)
    default:
      throw new RangeError(
        `no known release of the agent has map values of ${value.length} bytes; known are 1, 4 and 16`,
      )
  }
}
