/** The flows that the figures about large tables use. */
import type { Tuple } from '../../helpers/flow.ts'

export const entries = 100_000

/** @param index from 0 to `entries` */
export const tuple = (index: number): Tuple => ({
  protocol: 'tcp',
  source: { ip: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`, port: 40_000 },
  destination: { ip: '10.255.0.1', port: 8080 },
})
