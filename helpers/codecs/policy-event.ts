/** What the agent's own datapath reports about a flow that it evaluated: struct data_t of its tc.v4ingress.bpf.c and tc.v6ingress.bpf.c. */
import { protocolNumber, type IpFamily } from '../flow.ts'
import { v4Text, v6Text } from './address.ts'
import type { VerdictRecord } from './verdict-record.ts'

/** The record has no time. Up to v1.2.1 it has no direction either: it ends with the verdict. */
export type PolicyEvent = Omit<VerdictRecord, 'at' | 'direction'> & Partial<Pick<VerdictRecord, 'direction'>>

export interface PolicyEventCodec {
  decode(record: Buffer): PolicyEvent
  /** Says the verdict alone, which is faster: most records are of packets that pass. @param at where the record begins; default: 0 */
  isDenial(bytes: Buffer, at?: number): boolean
}

/** Verdicts 1 and 2 let the packet pass; 2 is one whose entry had expired (the agent's pkg/utils). */
const deny = 0

export function policyEventCodec(ip: IpFamily): PolicyEventCodec {
  const address = ip === 4 ? 4 : 16
  const text = ip === 4 ? v4Text : v6Text
  const destination = address + 4
  const protocol = 2 * (address + 4)
  const isDenial = (bytes: Buffer, at = 0): boolean => bytes.readUInt32LE(at + protocol + 4) === deny
  return {
    isDenial,
    decode: (record) => ({
      tuple: {
        protocol: record.readUInt32LE(protocol) === protocolNumber.tcp ? 'tcp' : 'udp',
        source: { ip: text(record, 0), port: record.readUInt32LE(address) },
        destination: { ip: text(record, destination), port: record.readUInt32LE(destination + address) },
      },
      verdict: isDenial(record) ? 'deny' : 'accept',
      ...(record.length > protocol + 8 && { direction: record[protocol + 12] === 1 ? 'egress' : 'ingress' }),
    }),
  }
}
