/** The configuration and the records of the eBPF programs that watch deletes: `kernel/bpf/watch.c`. */
import { ns, type Ns } from '../units.ts'

/** Size of struct watched_delete. */
export const watchRecordBytes = 104
const keyOffset = 40

/** A dump of conntrack by the process that deletes, as far as the kernel has written it. */
export interface WatchedDump {
  readonly began: Ns
  readonly ended: Ns
}

export interface WatchedDelete {
  /** Just before the kernel deleted the entry. */
  readonly at: Ns
  /** The process that deleted it, or that an eBPF program interrupted, by its number on the machine. */
  readonly process: number
  readonly mapId: number
  /** The process's latest dump before the delete; undefined if none was seen. */
  readonly dump: WatchedDump | undefined
  /** The process's latest look at an element of the map, if it was at this one; undefined if not, or if looks cannot be seen. */
  readonly looked: Ns | undefined
  /** As long as the longest key; the rest is 0. */
  readonly key: Buffer
}

export function decodeWatchedDelete(record: Buffer): WatchedDelete {
  const [began, ended, looked] = [16, 24, 32].map((offset) => record.readBigUInt64LE(offset))
  return {
    at: ns(record.readBigUInt64LE(0)),
    process: record.readUInt32LE(8),
    mapId: record.readUInt32LE(12),
    dump: began && ended ? { began: ns(began), ended: ns(ended) } : undefined,
    looked: looked ? ns(looked) : undefined,
    key: record.subarray(keyOffset),
  }
}

/** The members whose offsets `watch.c` needs, in the order of struct watch_config. */
export const watchLayoutMembers = [
  ['task_struct', 'files'],
  ['files_struct', 'fdt'],
  ['fdtable', 'fd'],
  ['file', 'private_data'],
  ['bpf_map', 'id'],
  ['sock', 'sk_protocol'],
] as const

export function encodeWatchConfig(
  { id, keyBytes }: { readonly id: number; readonly keyBytes: number },
  layout: readonly number[],
): Buffer {
  const config = Buffer.alloc(32)
  for (const [index, value] of [id, keyBytes, ...layout].entries()) config.writeUInt32LE(value, 4 * index)
  return config
}
