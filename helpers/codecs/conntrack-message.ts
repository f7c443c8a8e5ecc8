/** What conntrack's netlink messages say (linux/netfilter/nfnetlink_conntrack.h). Requests are in `conntrack-request.ts`. */
import { protocolNumber, type Protocol, type Tuple } from '../flow.ts'
import { v4Text, v6Text } from './address.ts'
import { align4, attributeEnd, attributeType, headerBytes } from './netlink.ts'

const subsystem = 1 << 8 // NFNL_SUBSYS_CTNETLINK
export const conntrackType = { new: subsystem | 0, get: subsystem | 1, delete: subsystem | 2 } as const
/** NFNLGRP_CONNTRACK_DESTROY: a message of type `delete` for each entry that the kernel forgets. */
export const destroyEventsGroup = 3

/** Attributes of an entry (enum ctattr_type). */
export const cta = { tupleOriginal: 1, tupleReply: 2, status: 3, protocolInfo: 4, timeout: 7, id: 12 } as const
/** Attributes of a tuple and below. */
export const ctaTuple = { ip: 1, protocol: 2 } as const
export const ctaIp = { v4Source: 1, v4Destination: 2, v6Source: 3, v6Destination: 4 } as const
export const ctaProtocol = { number: 1, sourcePort: 2, destinationPort: 3 } as const
export const ctaTcp = { info: 1, state: 1 } as const

/** enum tcp_conntrack. */
export const tcpStates = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
] as const

export interface ConntrackEntry {
  /** Changes when a tuple is tracked again. */
  readonly id: number
  readonly original: Tuple
  readonly reply: Tuple
  readonly timeoutSeconds: number
  readonly tcpState: string | undefined
}

/**
 * Decodes an entry. This is called for every entry of a dump. So it and what it calls read in place, and walk the attributes in plain loops: a
 * function that is called for each attribute takes twice as long.
 *
 * @returns undefined for an entry that is neither TCP nor UDP
 */
export function decodeEntry(message: Buffer, offset: number, end: number): ConntrackEntry | undefined {
  let original: DecodedTuple | undefined
  let reply: DecodedTuple | undefined
  let id = 0
  let timeoutSeconds = 0
  let tcpState: string | undefined
  for (let at = offset + headerBytes + 4, stop = at; at + 4 <= end; at += align4(stop - at)) {
    stop = attributeEnd(message, at)
    const type = attributeType(message, at)
    if (type === cta.tupleOriginal) original = decodeTuple(message, at + 4, stop)
    else if (type === cta.tupleReply) reply = decodeTuple(message, at + 4, stop, original)
    else if (type === cta.timeout) timeoutSeconds = u32(message, at + 4)
    else if (type === cta.id) id = u32(message, at + 4)
    else if (type === cta.protocolInfo) tcpState = decodeTcpState(message, at + 4, stop)
  }
  return original && reply && { id, original: original.tuple, reply: reply.tuple, timeoutSeconds, tcpState }
}

const protocolNames: Readonly<Record<number, Protocol>> = { [protocolNumber.tcp]: 'tcp', [protocolNumber.udp]: 'udp' }

interface DecodedTuple {
  readonly tuple: Tuple
  /** Where its addresses are in the message. */
  readonly sourceAt: number
  readonly destinationAt: number
}

/** @param original the tuple of the other direction: unless the flow is translated, both have the same endpoints, which are decoded once */
function decodeTuple(message: Buffer, from: number, to: number, original?: DecodedTuple): DecodedTuple | undefined {
  let sourceAt = 0
  let destinationAt = 0
  let bytes = 0
  let sourcePort = 0
  let destinationPort = 0
  let protocol: Protocol | undefined
  for (let outer = from, outerEnd = from; outer + 4 <= to; outer += align4(outerEnd - outer)) {
    outerEnd = attributeEnd(message, outer)
    const isIp = attributeType(message, outer) === ctaTuple.ip
    for (let at = outer + 4, stop = at; at + 4 <= outerEnd; at += align4(stop - at)) {
      stop = attributeEnd(message, at)
      const type = attributeType(message, at)
      if (isIp) {
        bytes = stop - at - 4
        if (type === ctaIp.v4Source || type === ctaIp.v6Source) sourceAt = at + 4
        else if (type === ctaIp.v4Destination || type === ctaIp.v6Destination) destinationAt = at + 4
      } else if (type === ctaProtocol.number) protocol = protocolNames[message[at + 4] ?? 0]
      else if (type === ctaProtocol.sourcePort) sourcePort = u16(message, at + 4)
      else if (type === ctaProtocol.destinationPort) destinationPort = u16(message, at + 4)
    }
  }
  if (!protocol) return undefined
  const { tuple } = original ?? {}
  const source =
    tuple && tuple.destination.port === sourcePort && areEqual(message, sourceAt, original?.destinationAt ?? 0, bytes)
      ? tuple.destination
      : { ip: addressText(message, sourceAt, bytes), port: sourcePort }
  const destination =
    tuple && tuple.source.port === destinationPort && areEqual(message, destinationAt, original?.sourceAt ?? 0, bytes)
      ? tuple.source
      : { ip: addressText(message, destinationAt, bytes), port: destinationPort }
  return { tuple: { protocol, source, destination }, sourceAt, destinationAt }
}

const addressText = (message: Buffer, at: number, bytes: number): string =>
  bytes === 4 ? v4Text(message, at) : v6Text(message, at)

function areEqual(message: Buffer, one: number, other: number, bytes: number): boolean {
  for (let index = 0; index < bytes; index++) if (message[one + index] !== message[other + index]) return false
  return true
}

function decodeTcpState(message: Buffer, from: number, to: number): string | undefined {
  for (let outer = from, outerEnd = from; outer + 4 <= to; outer += align4(outerEnd - outer)) {
    outerEnd = attributeEnd(message, outer)
    if (attributeType(message, outer) !== ctaTcp.info) continue
    for (let at = outer + 4; at + 4 <= outerEnd; at += align4(attributeEnd(message, at) - at))
      if (attributeType(message, at) === ctaTcp.state) return tcpStates[message[at + 4] ?? 0]
  }
  return undefined
}

/** Numbers in network order, as conntrack's attributes are. */
const u16 = (bytes: Buffer, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
const u32 = (bytes: Buffer, at: number): number => u16(bytes, at) * 0x1_0000 + u16(bytes, at + 2)
