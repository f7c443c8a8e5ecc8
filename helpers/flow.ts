/** Describes flows: their 5-tuples, and the ways in which a reused connection behaves. */

export const flowKinds = ['tcp-handshake', 'tcp-server-first', 'tcp-request', 'udp-request'] as const
/** How the reused connection behaves, and therefore which reply is checked (design: `flow`). */
export type FlowKind = (typeof flowKinds)[number]

/** Whether the server's packets must be held back, because its kernel answers as soon as the flow is reused. */
export const holdsReplies = (flow: FlowKind): boolean => flow === 'tcp-handshake' || flow === 'tcp-request'

export type Protocol = 'tcp' | 'udp'
export const ipFamilies = [4, 6] as const
export type IpFamily = (typeof ipFamilies)[number]

export interface Endpoint {
  /** IPv4 or IPv6 address as text, in the canonical form that the tools of the kernel print. */
  readonly ip: string
  /** 0 to 65535, host order. */
  readonly port: number
}

/** A 5-tuple, in the direction of the packet that opened the flow. */
export interface Tuple {
  readonly protocol: Protocol
  readonly source: Endpoint
  readonly destination: Endpoint
}

export const protocolOf = (kind: FlowKind): Protocol => (kind === 'udp-request' ? 'udp' : 'tcp')

/** IANA protocol numbers, as conntrack and the policy map store them. */
export const protocolNumber = { tcp: 6, udp: 17 } as const satisfies Record<Protocol, number>

const endpointText = ({ ip, port }: Endpoint): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)

/** `tcp 10.0.0.2:40000 → 10.0.1.2:8080` */
export const tupleText = ({ protocol, source, destination }: Tuple): string =>
  `${protocol} ${endpointText(source)} → ${endpointText(destination)}`

/** The flow that a packet belongs to, and the direction of the packet. */
export interface FoundFlow {
  /** The number of the flow: its index among the tuples. */
  readonly flow: number
  /** Whether the packet went from the server to the client. */
  readonly reply: boolean
}

/** Returns a function that finds the flow of a packet among these tuples, in either direction. */
export function flowFinder(tuples: readonly Tuple[]): (packet: Tuple) => FoundFlow | undefined {
  const found = new Map<string, FoundFlow>()
  for (const [flow, tuple] of tuples.entries()) {
    const { protocol, source, destination } = tuple
    found.set(tupleText(tuple), { flow, reply: false })
    found.set(tupleText({ protocol, source: destination, destination: source }), { flow, reply: true })
  }
  return (packet) => found.get(tupleText(packet))
}
