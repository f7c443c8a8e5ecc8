/** The 5-tuple of a flow with its addresses as bytes in network order, so that it need not become text on its way from a map to conntrack. */
import { protocolNumber, type Tuple } from '../flow.ts'
import { addressBytes } from './address.ts'

export interface FlowBytes {
  /** What holds the addresses. */
  readonly bytes: Uint8Array
  readonly sourceAt: number
  readonly destinationAt: number
  /** Of one address: 4 or 16. */
  readonly addressSize: number
  readonly protocol: number
  readonly sourcePort: number
  readonly destinationPort: number
}

/** A flow is asked about many times. */
const known = new WeakMap<Tuple, FlowBytes>()

/** @throws RangeError if an address is none */
export function flowBytes(tuple: Tuple): FlowBytes {
  const found = known.get(tuple)
  if (found) return found
  const [source, destination] = [addressBytes(tuple.source.ip), addressBytes(tuple.destination.ip)]
  const flow = {
    bytes: Buffer.concat([source, destination]),
    sourceAt: 0,
    destinationAt: source.length,
    addressSize: source.length,
    protocol: protocolNumber[tuple.protocol],
    sourcePort: tuple.source.port,
    destinationPort: tuple.destination.port,
  }
  known.set(tuple, flow)
  return flow
}
