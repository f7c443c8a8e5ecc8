/** The configuration and the records of the eBPF programs that watch deletes: `kernel/bpf/watch.c`. */
import { ns, type Ns } from '../units.ts'

/** Size of struct watched_delete. */
export const watchRecordBytes = 96
const keyOffset = 32

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
  /** As long as the longest key; the rest is not set. */
  readonly key: Buffer
}

export function decodeWatchedDelete(record: Buffer): WatchedDelete {
  const [began, ended] = [record.readBigUInt64LE(16), record.readBigUInt64LE(24)]
  return {
    at: ns(record.readBigUInt64LE(0)),
    process: record.readUInt32LE(8),
    mapId: record.readUInt32LE(12),
    dump: began === 0n ? undefined : { began: ns(began), ended: ns(ended) },
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
