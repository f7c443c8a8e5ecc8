/** What is asked of conntrack, as netlink messages (linux/netfilter/nfnetlink_conntrack.h). */
import { protocolNumber, type IpFamily, type Tuple } from '../flow.ts'
import { conntrackType, cta, ctaIp, ctaProtocol, ctaTcp, ctaTuple, tcpStates } from './conntrack-message.ts'
import { flowBytes, type FlowBytes } from './flow-bytes.ts'
import {
  attribute,
  attributeHeaderBytes,
  bytesOf,
  headerBytes,
  nest,
  netlinkFlag,
  netlinkMessage,
  writeHeader,
} from './netlink.ts'

const afInet = { 4: 2, 6: 10 } as const satisfies Record<IpFamily, number>
/** struct nfgenmsg: family, version 0, resource 0. */
const family = (ip: IpFamily): Buffer => Buffer.from([afInet[ip], 0, 0, 0])
const familyOf = ({ addressSize }: FlowBytes): IpFamily => (addressSize === 4 ? 4 : 6)

/** IPS_CONFIRMED, IPS_SEEN_REPLY, IPS_ASSURED. */
const establishedStatus = 0x8 | 0x2 | 0x4

export const dumpRequest = (ip: IpFamily, sequence: number): Buffer =>
  netlinkMessage({ type: conntrackType.get, flags: netlinkFlag.request | netlinkFlag.dump, sequence, body: family(ip) })

/** Requests about one flow. The kernel answers a `get` with the entry or with ENOENT, and a `delete` with an acknowledgement or with ENOENT. */
const flowRequests = {
  get: { type: conntrackType.get, flags: netlinkFlag.request },
  delete: { type: conntrackType.delete, flags: netlinkFlag.request | netlinkFlag.ack },
} as const
export type FlowRequest = keyof typeof flowRequests

/**
 * Requests about many flows in one buffer. An agent's pass may be as long as its map, and each of its deletes is asked about, so a request is
 * copied from a template and filled in: to build it of its attributes takes ten times as long (measured).
 */
export function flowRequestsOf(request: FlowRequest, flows: readonly FlowBytes[], firstSequence: number): Buffer {
  const bytes = flows.reduce((sum, flow) => sum + templateFor(flow).bytes.length, 0)
  const messages = Buffer.allocUnsafe(bytes)
  let at = 0
  for (const [index, flow] of flows.entries()) {
    const template = templateFor(flow)
    messages.set(template.bytes, at)
    writeHeader(messages, at, {
      length: template.bytes.length,
      ...flowRequests[request],
      sequence: firstSequence + index,
    })
    fill(messages, at, template, flow)
    at += template.bytes.length
  }
  return messages
}

/** An entry as of an established flow. @param ack whether the kernel answers */
export function createRequest(original: Tuple, timeoutSeconds: number, sequence: number, ack: boolean): Buffer {
  const reply = { protocol: original.protocol, source: original.destination, destination: original.source }
  const established = nest(
    cta.protocolInfo,
    nest(ctaTcp.info, attribute(ctaTcp.state, bytesOf.u8(tcpStates.indexOf('ESTABLISHED')))),
  )
  const flow = flowBytes(original)
  const body = Buffer.concat([
    family(familyOf(flow)),
    tupleAttribute(cta.tupleOriginal, flow),
    tupleAttribute(cta.tupleReply, flowBytes(reply)),
    attribute(cta.status, bytesOf.u32(establishedStatus)),
    attribute(cta.timeout, bytesOf.u32(timeoutSeconds)),
    ...(original.protocol === 'tcp' ? [established] : []),
  ])
  const flags = netlinkFlag.request | netlinkFlag.create | netlinkFlag.exclusive | (ack ? netlinkFlag.ack : 0)
  return netlinkMessage({ type: conntrackType.new, flags, sequence, body })
}

function tupleAttribute(type: number, flow: FlowBytes): Buffer {
  const { bytes, sourceAt, destinationAt, addressSize, protocol, sourcePort, destinationPort } = flow
  const [source, destination] =
    familyOf(flow) === 4 ? [ctaIp.v4Source, ctaIp.v4Destination] : [ctaIp.v6Source, ctaIp.v6Destination]
  return nest(
    type,
    nest(
      ctaTuple.ip,
      attribute(source, bytes.subarray(sourceAt, sourceAt + addressSize)),
      attribute(destination, bytes.subarray(destinationAt, destinationAt + addressSize)),
    ),
    nest(
      ctaTuple.protocol,
      attribute(ctaProtocol.number, bytesOf.u8(protocol)),
      attribute(ctaProtocol.sourcePort, bytesOf.u16(sourcePort)),
      attribute(ctaProtocol.destinationPort, bytesOf.u16(destinationPort)),
    ),
  )
}

/** A request about a flow, and where the parts of the 5-tuple are in it. */
interface Template {
  readonly bytes: Buffer
  readonly sourceAt: number
  readonly destinationAt: number
  readonly protocolAt: number
  readonly sourcePortAt: number
  readonly destinationPortAt: number
}

function templateOf(ip: IpFamily): Template {
  const addressSize = ip === 4 ? 4 : 16
  const nothing: FlowBytes = {
    bytes: new Uint8Array(addressSize),
    sourceAt: 0,
    destinationAt: 0,
    addressSize,
    protocol: protocolNumber.tcp,
    sourcePort: 0,
    destinationPort: 0,
  }
  const body = Buffer.concat([family(ip), tupleAttribute(cta.tupleOriginal, nothing)])
  // After the family come the headers of the tuple, of its addresses, and of the first address. The values of the protocol are padded to 4 bytes.
  const sourceAt = headerBytes + 4 + 3 * attributeHeaderBytes
  const destinationAt = sourceAt + addressSize + attributeHeaderBytes
  const protocolAt = destinationAt + addressSize + 2 * attributeHeaderBytes
  const sourcePortAt = protocolAt + 4 + attributeHeaderBytes
  return {
    bytes: netlinkMessage({ type: 0, flags: 0, sequence: 0, body }),
    sourceAt,
    destinationAt,
    protocolAt,
    sourcePortAt,
    destinationPortAt: sourcePortAt + 4 + attributeHeaderBytes,
  }
}

const templates = { 4: templateOf(4), 6: templateOf(6) } as const
const templateFor = (flow: FlowBytes): Template => templates[familyOf(flow)]

/** Bytes are copied singly, because the methods of Buffer take longer for so few. */
function fill(message: Buffer, at: number, template: Template, flow: FlowBytes): void {
  const [source, destination] = [at + template.sourceAt, at + template.destinationAt]
  for (let byte = 0; byte < flow.addressSize; byte++) {
    message[source + byte] = flow.bytes[flow.sourceAt + byte] ?? 0
    message[destination + byte] = flow.bytes[flow.destinationAt + byte] ?? 0
  }
  message[at + template.protocolAt] = flow.protocol
  message.writeUInt16BE(flow.sourcePort, at + template.sourcePortAt)
  message.writeUInt16BE(flow.destinationPort, at + template.destinationPortAt)
}
