/** Conntrack's netlink messages (linux/netfilter/nfnetlink_conntrack.h): what is asked, and what an entry says. */
import { protocolNumber, type IpFamily, type Protocol, type Tuple } from '../flow.ts'
import { addressBytes, v4Text, v6Text } from './address.ts'
import {
  align4,
  attribute,
  attributeEnd,
  attributeType,
  bytesOf,
  headerBytes,
  nest,
  netlinkFlag,
  netlinkMessage,
} from './netlink.ts'

const subsystem = 1 << 8 // NFNL_SUBSYS_CTNETLINK
export const conntrackType = { new: subsystem | 0, get: subsystem | 1, delete: subsystem | 2 } as const
/** NFNLGRP_CONNTRACK_DESTROY: a message of type `delete` for each entry that the kernel forgets. */
export const destroyEventsGroup = 3

const afInet = { 4: 2, 6: 10 } as const satisfies Record<IpFamily, number>
/** struct nfgenmsg: family, version 0, resource 0. */
const family = (ip: IpFamily): Buffer => Buffer.from([afInet[ip], 0, 0, 0])
const familyOf = ({ source }: Tuple): IpFamily => (source.ip.includes(':') ? 6 : 4)

/** Attributes of an entry (enum ctattr_type). */
const cta = { tupleOriginal: 1, tupleReply: 2, status: 3, protocolInfo: 4, timeout: 7, id: 12 } as const
/** Attributes of a tuple and below. */
const ctaTuple = { ip: 1, protocol: 2 } as const
const ctaIp = { v4Source: 1, v4Destination: 2, v6Source: 3, v6Destination: 4 } as const
const ctaProtocol = { number: 1, sourcePort: 2, destinationPort: 3 } as const
const ctaTcp = { info: 1, state: 1 } as const

/** enum tcp_conntrack. */
const tcpStates = [
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

/** IPS_CONFIRMED, IPS_SEEN_REPLY, IPS_ASSURED. */
const establishedStatus = 0x8 | 0x2 | 0x4

export interface ConntrackEntry {
  /** Changes when a tuple is tracked again. */
  readonly id: number
  readonly original: Tuple
  readonly reply: Tuple
  readonly timeoutSeconds: number
  readonly tcpState: string | undefined
}

export const dumpRequest = (ip: IpFamily, sequence: number): Buffer =>
  netlinkMessage({ type: conntrackType.get, flags: netlinkFlag.request | netlinkFlag.dump, sequence, body: family(ip) })

export const getRequest = (tuple: Tuple, sequence: number): Buffer =>
  netlinkMessage({ type: conntrackType.get, flags: netlinkFlag.request, sequence, body: about(tuple) })

export const deleteRequest = (tuple: Tuple, sequence: number): Buffer =>
  netlinkMessage({
    type: conntrackType.delete,
    flags: netlinkFlag.request | netlinkFlag.ack,
    sequence,
    body: about(tuple),
  })

/** An entry as of an established flow. @param ack whether the kernel answers */
export function createRequest(original: Tuple, timeoutSeconds: number, sequence: number, ack: boolean): Buffer {
  const reply = { protocol: original.protocol, source: original.destination, destination: original.source }
  const established = nest(
    cta.protocolInfo,
    nest(ctaTcp.info, attribute(ctaTcp.state, bytesOf.u8(tcpStates.indexOf('ESTABLISHED')))),
  )
  const body = Buffer.concat([
    about(original),
    tupleAttribute(cta.tupleReply, reply),
    attribute(cta.status, bytesOf.u32(establishedStatus)),
    attribute(cta.timeout, bytesOf.u32(timeoutSeconds)),
    ...(original.protocol === 'tcp' ? [established] : []),
  ])
  const flags = netlinkFlag.request | netlinkFlag.create | netlinkFlag.exclusive | (ack ? netlinkFlag.ack : 0)
  return netlinkMessage({ type: conntrackType.new, flags, sequence, body })
}

/** A flow is asked about many times. */
const bodies = new WeakMap<Tuple, Buffer>()

function about(tuple: Tuple): Buffer {
  const known = bodies.get(tuple)
  if (known) return known
  const body = Buffer.concat([family(familyOf(tuple)), tupleAttribute(cta.tupleOriginal, tuple)])
  bodies.set(tuple, body)
  return body
}

function tupleAttribute(type: number, tuple: Tuple): Buffer {
  const [source, destination] =
    familyOf(tuple) === 4 ? [ctaIp.v4Source, ctaIp.v4Destination] : [ctaIp.v6Source, ctaIp.v6Destination]
  return nest(
    type,
    nest(
      ctaTuple.ip,
      attribute(source, addressBytes(tuple.source.ip)),
      attribute(destination, addressBytes(tuple.destination.ip)),
    ),
    nest(
      ctaTuple.protocol,
      attribute(ctaProtocol.number, bytesOf.u8(protocolNumber[tuple.protocol])),
      attribute(ctaProtocol.sourcePort, bytesOf.u16(tuple.source.port)),
      attribute(ctaProtocol.destinationPort, bytesOf.u16(tuple.destination.port)),
    ),
  )
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
