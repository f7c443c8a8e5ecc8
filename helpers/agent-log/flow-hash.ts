/** Hashes flows to numbers, because millions of them are remembered, and a number takes a fifth of the memory of a text. */
import type { Tuple } from '../flow.ts'

/**
 * Returns 53 bits, as many as a number can hold. Among 500,000 flows, a wrong match has a probability of less than one in ten billion per
 * look-up. The function is cyrb53 (public domain).
 */
export function flowHash(protocol: Tuple['protocol'], source: Tuple['source'], destination: Tuple['source']): number {
  const text = `${protocol} ${source.ip} ${source.port} ${destination.ip} ${destination.port}`
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (0x1fffff & low) + (high >>> 0)
}
