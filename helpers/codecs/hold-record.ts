/** What the eBPF programs of the hold report, and what they are configured with: the layouts of bpf/records.h. */
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
  'forked',
  'queried',
  'foreign-delete',
  'program-delete',
  'evicted',
] as const
export type HoldKind = (typeof holdKinds)[number]

/** Size of struct hold_record. */
export const holdRecordBytes = 56

export interface HoldRecord {
  readonly at: Ns
  readonly kind: HoldKind
  /**
   * The process that did it, or the new one of a fork: its number in the agent's own process namespace. Of a foreign delete: its number in the
   * initial one.
   */
  readonly process: number
  readonly flow: number
  /** What the system call returned; an errno if below 0. */
  readonly result: number
  /** The process was sent SIGSTOP. */
  readonly stopped: boolean
  /** Of the map in a call on a map, else of the socket. */
  readonly fd: number
  /** Of the map in a call on a map; 0 if it is not known. */
  readonly mapId: number
  /** Name of the process's program, 15 characters at most. */
  readonly name: string
}

/** @throws RangeError for a kind that this version of the suite does not know */
export function decodeHold(record: Buffer): HoldRecord {
  const number = record.readUInt32LE(8)
  const kind = holdKinds[number]
  if (!kind) throw new RangeError(`the hold reported something unknown: kind ${number}`)
  const name = record.subarray(40, 56)
  return {
    at: ns(record.readBigUInt64LE(0)),
    kind,
    process: record.readUInt32LE(12),
    flow: record.readUInt32LE(16),
    result: record.readInt32LE(20),
    stopped: record.readUInt32LE(24) !== 0,
    fd: record.readUInt32LE(28),
    mapId: record.readUInt32LE(32),
    name: name.toString('utf8', 0, name.indexOf(0)),
  }
}

/** A process namespace: device and inode of /proc/PID/ns/pid. */
export interface PidNamespace {
  readonly device: bigint
  readonly inode: bigint
}

export interface HoldConfig {
  /** The agent's. */
  readonly namespace: PidNamespace
  /** The process that reads the reports, in its own namespace: what it deletes is not reported. */
  readonly observer: PidNamespace & { readonly tgid: number }
  /** If false, nothing is reported. */
  readonly isWatching: boolean
  readonly keyBytes: number
  readonly mapId: number
  /** Bits: where a process is stopped (`stopBit` of the windows). */
  readonly stopAt: number
  /** Byte offsets of `layoutMembers`; undefined if the kernel has no BTF. */
  readonly layout: readonly number[] | undefined
}

/** Members of the kernel's structures whose offsets the programs need, in the order of struct kernel_layout. */
export const layoutMembers = [
  ['task_struct', 'files'],
  ['files_struct', 'fdt'],
  ['fdtable', 'fd'],
  ['file', 'private_data'],
  ['bpf_map', 'id'],
  ['task_struct', 'group_leader'],
  ['task_struct', 'thread_pid'],
  ['pid', 'level'],
  ['pid', 'numbers'],
  ['htab_elem', 'lru_node'],
  ['htab_elem', 'key'],
] as const

export function encodeHoldConfig(given: HoldConfig): Buffer {
  const { namespace, observer, isWatching, keyBytes, mapId, stopAt, layout } = given
  const config = Buffer.alloc(104)
  for (const [index, value] of [namespace.device, namespace.inode, observer.device, observer.inode].entries())
    config.writeBigUInt64LE(value, 8 * index)
  const numbers = [observer.tgid, isWatching ? 1 : 0, keyBytes, mapId, stopAt, 0, layout ? 1 : 0, ...(layout ?? [])]
  for (const [index, value] of numbers.entries()) config.writeUInt32LE(value, 32 + 4 * index)
  return config
}

/** Bit of `stopAt`: a process without a breakpoint is stopped once, after its next bpf(2) call. */
export const stopAtCall = 1 << 16

/** Addresses in a process: of the instruction that makes its bpf(2) calls, and of the one that made its latest delete of a chosen key. 0: unknown. */
export interface CallSites {
  readonly call: bigint
  readonly delete: bigint
}

/** From struct process. `stops`: how often it was sent SIGSTOP. */
export const decodeProcess = (process: Buffer): { readonly stops: bigint; readonly sites: CallSites } => ({
  stops: process.readBigUInt64LE(0),
  sites: { call: process.readBigUInt64LE(8), delete: process.readBigUInt64LE(16) },
})

/** Size of struct process. */
export const processBytes = 24

export interface HoldState {
  /** When a process of the agent last made a map or netlink call; 0 before the first. */
  readonly lastCall: number
  /** Records that had no room in the ring buffer, since the state was last written. */
  readonly lost: bigint
  /** Keys in batch calls that were too long to be read, since the state was last written. */
  readonly unread: bigint
}

/** From struct hold_state. */
export const decodeHoldState = (state: Buffer): HoldState => ({
  lastCall: Number(state.readBigUInt64LE(0)),
  lost: state.readBigUInt64LE(16),
  unread: state.readBigUInt64LE(24),
})

/** Bit of a chosen key's number: deletes of the key are reported, and no process is stopped at it. */
export const watchOnlyBit = 2 ** 31

/** Keys are padded with zeros to this size in the map `chosen`. */
export const chosenKeyBytes = 64
