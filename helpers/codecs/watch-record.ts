/** The configuration and the records of the eBPF programs that watch deletes: `kernel/bpf/watch.c`. */
import { ns, type Ns } from '../units.ts'

/** Size of struct watched_delete. */
export const watchRecordBytes = 80
const keyOffset = 16

export interface WatchedDelete {
  /** Just before the kernel deleted the entry. */
  readonly at: Ns
  /** The process that deleted it, or that an eBPF program interrupted, by its number on the machine. */
  readonly process: number
  readonly mapId: number
  /** As long as the longest key; the rest is not set. */
  readonly key: Buffer
}

export const decodeWatchedDelete = (record: Buffer): WatchedDelete => ({
  at: ns(record.readBigUInt64LE(0)),
  process: record.readUInt32LE(8),
  mapId: record.readUInt32LE(12),
  key: record.subarray(keyOffset),
})

/** The members whose offsets `watch.c` needs, in the order of struct watch_config. */
export const watchLayoutMembers = [
  ['task_struct', 'files'],
  ['files_struct', 'fdt'],
  ['fdtable', 'fd'],
  ['file', 'private_data'],
  ['bpf_map', 'id'],
] as const

export function encodeWatchConfig(
  { id, keyBytes }: { readonly id: number; readonly keyBytes: number },
  layout: readonly number[],
): Buffer {
  const config = Buffer.alloc(32)
  for (const [index, value] of [id, keyBytes, ...layout].entries()) config.writeUInt32LE(value, 4 * index)
  return config
}
