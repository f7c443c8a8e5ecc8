/**
 * The keys of the agent's conntrack map, by their size (the agent's source). Addresses are in network order, ports in host order
 * (little endian), padding is zero. The owner is the pod whose link saw the packet.
 */
import { protocolNumber, type Protocol, type Tuple } from '../flow.ts'
import type { Generation } from '../agents/reference/agent-view.ts'
import { addressBytes, v4Text, v6Text } from './address.ts'
import type { FlowBytes } from './flow-bytes.ts'

interface MapKey {
  readonly tuple: Tuple
  /** The pod whose link saw the packet; undefined if the layout has none. */
  readonly ownerIp: string | undefined
  /** The pod's link on the node; undefined if the layout has none. */
  readonly ifindex: number | undefined
}

/** A key to be written: a layout uses the parts that it has. */
export interface WholeKey {
  readonly tuple: Tuple
  readonly ownerIp: string
  readonly ifindex: number
}

export interface KeyCodec {
  readonly bytes: number
  decode(buffer: Buffer, offset: number): MapKey
  encode(key: WholeKey): Buffer
}

interface Layout {
  readonly text: (bytes: Uint8Array, offset: number) => string
  readonly destination: number
  readonly protocol: number
  readonly owner: number | undefined
  readonly ifindex: number | undefined
  /** Offset of the source port, which follows the source address at 0. */
  readonly port: number
  readonly bytes: number
}

const v4 = { text: v4Text, port: 4, destination: 8, protocol: 14 } as const
const v6 = { text: v6Text, port: 16, destination: 20, protocol: 38 } as const

/** Every size that a release of the agent has had: without owner up to v1.0.4, with the link's ifindex from v1.3.7. */
const layouts: ReadonlyMap<number, Layout> = new Map(
  [
    { ...v4, bytes: 16, owner: undefined, ifindex: undefined },
    { ...v4, bytes: 20, owner: 16, ifindex: undefined },
    { ...v4, bytes: 24, owner: 16, ifindex: 20 },
    { ...v6, bytes: 56, owner: 40, ifindex: undefined },
    { ...v6, bytes: 60, owner: 40, ifindex: 56 },
  ].map((layout) => [layout.bytes, layout]),
)

const protocolName = (number: number): Protocol => {
  if (number === protocolNumber.tcp) return 'tcp'
  if (number === protocolNumber.udp) return 'udp'
  throw new RangeError(`protocol ${number} is neither TCP nor UDP`)
}

/** @throws RangeError for a key size that no known layout has: it is not decoded by guess */
function layoutOf(bytes: number): Layout {
  const layout = layouts.get(bytes)
  if (layout) return layout
  throw new RangeError(
    `no known release of the agent has map keys of ${bytes} bytes; known are ${[...layouts.keys()].join(', ')}`,
  )
}

/** @throws RangeError for a key size that no known layout has */
export function keyCodec(bytes: number): KeyCodec {
  const layout = layoutOf(bytes)
  return { bytes, decode: (buffer, offset) => decode(layout, buffer, offset), encode: (key) => encode(layout, key) }
}

/** @returns undefined for a protocol that is neither TCP nor UDP @throws RangeError for a key size that no known layout has */
export function flowOfKey(key: Buffer): FlowBytes | undefined {
  const { destination, protocol: protocolAt, port } = layoutOf(key.length)
  const protocol = key[protocolAt] ?? 0
  if (protocol !== protocolNumber.tcp && protocol !== protocolNumber.udp) return undefined
  return {
    bytes: key,
    sourceAt: 0,
    destinationAt: destination,
    addressSize: port,
    protocol,
    sourcePort: key.readUInt16LE(port),
    destinationPort: key.readUInt16LE(destination + port),
  }
}

/** Where a key has its generation if the map has two (reference:two-generations): in the padding after the protocol. */
const generationAt = (bytes: number): number => (layouts.get(bytes)?.protocol ?? 0) + 1

/** Returns the same key in another generation. */
export function keyInGeneration(key: Buffer, generation: Generation): Buffer {
  const copy = Buffer.from(key)
  copy.writeUInt8(generation, generationAt(key.length))
  return copy
}

export const generationOf = (key: Buffer): Generation => (key[generationAt(key.length)] === 1 ? 1 : 0)

function decode({ text, port, destination, protocol, owner, ifindex }: Layout, buffer: Buffer, offset: number): MapKey {
  const end = (at: number, portAt: number): Tuple['source'] => ({
    ip: text(buffer, offset + at),
    port: buffer.readUInt16LE(offset + portAt),
  })
  return {
    tuple: {
      protocol: protocolName(buffer[offset + protocol] ?? 0),
      source: end(0, port),
      destination: end(destination, destination + port),
    },
    ownerIp: owner === undefined ? undefined : text(buffer, offset + owner),
    ifindex: ifindex === undefined ? undefined : buffer.readUInt32LE(offset + ifindex),
  }
}

function encode(layout: Layout, { tuple, ownerIp, ifindex }: WholeKey): Buffer {
  const key = Buffer.alloc(layout.bytes)
  key.set(addressBytes(tuple.source.ip), 0)
  key.writeUInt16LE(tuple.source.port, layout.port)
  key.set(addressBytes(tuple.destination.ip), layout.destination)
  key.writeUInt16LE(tuple.destination.port, layout.destination + layout.port)
  key.writeUInt8(protocolNumber[tuple.protocol], layout.protocol)
  if (layout.owner !== undefined) key.set(addressBytes(ownerIp), layout.owner)
  if (layout.ifindex !== undefined) key.writeUInt32LE(ifindex, layout.ifindex)
  return key
}
