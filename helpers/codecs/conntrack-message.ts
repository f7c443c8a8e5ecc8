/** Conntrack's netlink messages (linux/netfilter/nfnetlink_conntrack.h): what is asked, and what an entry says. */
import { protocolNumber, type IpFamily, type Protocol, type Tuple } from '../flow.ts'
import { addressBytes, v4Text, v6Text } from './address.ts'
import { attribute, bytesOf, forEachAttribute, headerBytes, nest, netlinkFlag, netlinkMessage } from './netlink.ts'

const subsystem = 1 << 8 // NFNL_SUBSYS_CTNETLINK
export const conntrackType = { new: subsystem | 0, get: subsystem | 1, delete: subsystem | 2 } as const

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

/** @returns undefined for an entry that is neither TCP nor UDP */
export function decodeEntry(message: Buffer, offset: number, end: number): ConntrackEntry | undefined {
  let original: Tuple | undefined
  let reply: Tuple | undefined
  let id = 0
  let timeoutSeconds = 0
  let tcpState: string | undefined
  forEachAttribute(message, offset + headerBytes + 4, end, (type, start, stop) => {
    if (type === cta.tupleOriginal) original = decodeTuple(message, start, stop)
    else if (type === cta.tupleReply) reply = decodeTuple(message, start, stop)
    else if (type === cta.timeout) timeoutSeconds = message.readUInt32BE(start)
    else if (type === cta.id) id = message.readUInt32BE(start)
    else if (type === cta.protocolInfo) tcpState = decodeTcpState(message, start, stop)
  })
  return original && reply && { id, original, reply, timeoutSeconds, tcpState }
}

const protocolNames: Readonly<Record<number, Protocol>> = { [protocolNumber.tcp]: 'tcp', [protocolNumber.udp]: 'udp' }

/** Called for every entry of a dump, so it reads in place: no attribute is copied. */
function decodeTuple(message: Buffer, from: number, to: number): Tuple | undefined {
  let source = ''
  let destination = ''
  let sourcePort = 0
  let destinationPort = 0
  let protocol: Protocol | undefined
  forEachAttribute(message, from, to, (outer, start, stop) => {
    forEachAttribute(message, start, stop, (type, at, end) => {
      if (outer === ctaTuple.ip) {
        const text = end - at === 4 ? v4Text(message, at) : v6Text(message, at)
        if (type === ctaIp.v4Source || type === ctaIp.v6Source) source = text
        else if (type === ctaIp.v4Destination || type === ctaIp.v6Destination) destination = text
      } else if (type === ctaProtocol.number) protocol = protocolNames[message[at] ?? 0]
      else if (type === ctaProtocol.sourcePort) sourcePort = message.readUInt16BE(at)
      else if (type === ctaProtocol.destinationPort) destinationPort = message.readUInt16BE(at)
    })
  })
  return (
    protocol && {
      protocol,
      source: { ip: source, port: sourcePort },
      destination: { ip: destination, port: destinationPort },
    }
  )
}

function decodeTcpState(message: Buffer, from: number, to: number): string | undefined {
  let state: string | undefined
  forEachAttribute(message, from, to, (outer, start, stop) => {
    if (outer === ctaTcp.info)
      forEachAttribute(
        message,
        start,
        stop,
        (type, at) => (state = type === ctaTcp.state ? tcpStates[message[at] ?? 0] : state),
      )
  })
  return state
}
