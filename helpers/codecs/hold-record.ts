/** What the hold saw the agent do, and what it is told: struct hold_event, hold_config of bpf/hold.c. */
import { ns, type Ns } from '../units.ts'

const holdKinds = [
  'none',
  'dump-began',
  'snapshot',
  'reread',
  'deleted',
  'walk-began',
  'walk-ended',
  'call',
  'delete-began',
] as const
export type HoldKind = (typeof holdKinds)[number]

/** Size of struct hold_event. */
export const holdRecordBytes = 32

export interface HoldRecord {
  readonly at: Ns
  readonly kind: HoldKind
  readonly flow: number
  /** What the system call returned; below 0 an errno. */
  readonly result: number
  /** The process was sent SIGSTOP. */
  readonly stopped: boolean
  /** Of the map in a call on a map, else of the socket. */
  readonly fd: number
}

/** @throws RangeError for a kind that this version of the suite does not know */
export function decodeHold(record: Buffer): HoldRecord {
  const number = record.readUInt32LE(8)
  const kind = holdKinds[number]
  if (!kind) throw new RangeError(`the hold told something unknown: kind ${number}`)
  return {
    at: ns(record.readBigUInt64LE(0)),
    kind,
    flow: record.readUInt32LE(16),
    result: record.readInt32LE(20),
    stopped: record.readUInt32LE(24) !== 0,
    fd: record.readUInt32LE(28),
  }
}

export interface HoldConfig {
  readonly device: bigint
  readonly inode: bigint
  /** 0: watch nobody. */
  readonly tgid: number
  readonly keyBytes: number
  /** Bits: where the process is stopped (`stopBit` of the windows). */
  readonly stopAt: number
}

export function encodeHoldConfig({ device, inode, tgid, keyBytes, stopAt }: HoldConfig): Buffer {
  const config = Buffer.alloc(32)
  config.writeBigUInt64LE(device, 0)
  config.writeBigUInt64LE(inode, 8)
  config.writeUInt32LE(tgid, 16)
  config.writeUInt32LE(keyBytes, 20)
  config.writeUInt32LE(stopAt, 24)
  return config
}

/** Bit of `stopAt`: the process is stopped once, after its next bpf(2) call. */
export const stopAtCall = 1 << 16

/** Addresses in the process: of the instruction that makes its bpf(2) calls, and of the one that made its latest delete of a chosen key. 0: unknown. */
export interface CallSites {
  readonly call: bigint
  readonly delete: bigint
}

/** From struct hold_state. */
export const decodeCallSites = (state: Buffer): CallSites => ({
  call: state.readBigUInt64LE(16),
  delete: state.readBigUInt64LE(24),
})

/** How often the process was sent SIGSTOP, and how many records had no room in the ring buffer, since the state was last written. */
export interface HoldCounts {
  readonly stops: bigint
  readonly lost: bigint
}

/** From struct hold_state. */
export const decodeHoldCounts = (state: Buffer): HoldCounts => ({
  stops: state.readBigUInt64LE(32),
  lost: state.readBigUInt64LE(40),
})

/** Bit of a chosen key's number: deletes of the key are reported, and the process is not stopped at it. */
export const watchOnlyBit = 2 ** 31

/** Keys are padded with zeros to this size in the map `chosen`. */
export const chosenKeyBytes = 64
