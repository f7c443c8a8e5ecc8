/** What our datapath reports about a flow that it evaluated: struct verdict_event of bpf/datapath.c. */
import type { Ns } from '../units.ts'
import { ns } from '../units.ts'
import { protocolNumber, type Tuple } from '../flow.ts'
import { v4Text, v6Text } from './address.ts'

/** Size of struct verdict_event. */
export const verdictRecordBytes = 48

export interface VerdictRecord {
  readonly at: Ns
  /** As in the packet. */
  readonly tuple: Tuple
  readonly verdict: 'accept' | 'deny'
  readonly direction: 'ingress' | 'egress'
}

export function decodeVerdict(record: Buffer): VerdictRecord {
  const text = record[47] === 4 ? v4Text : v6Text
  return {
    at: ns(record.readBigUInt64LE(0)),
    tuple: {
      protocol: record[44] === protocolNumber.tcp ? 'tcp' : 'udp',
      source: { ip: text(record, 8), port: record.readUInt16LE(40) },
      destination: { ip: text(record, 24), port: record.readUInt16LE(42) },
    },
    verdict: record[45] === 1 ? 'accept' : 'deny',
    direction: record[46] === 1 ? 'egress' : 'ingress',
  }
}
