/** Netlink messages and their attributes (linux/netlink.h): a header of 16 bytes, then type-length-value, all aligned to 4. */

export const headerBytes = 16
export const attributeHeaderBytes = 4
export const align4 = (bytes: number): number => (bytes + 3) & ~3

export const netlinkType = { error: 2, done: 3 } as const
export const netlinkFlag = {
  request: 0x1,
  ack: 0x4,
  dumpInterrupted: 0x10,
  dump: 0x300,
  create: 0x400,
  exclusive: 0x200,
} as const

/** Set on the type of an attribute that holds attributes. */
const nested = 0x8000
const typeMask = 0x3fff

export function attribute(type: number, value: Uint8Array): Buffer {
  const buffer = Buffer.alloc(align4(4 + value.length))
  buffer.writeUInt16LE(4 + value.length, 0)
  buffer.writeUInt16LE(type, 2)
  buffer.set(value, 4)
  return buffer
}

export const nest = (type: number, ...children: readonly Buffer[]): Buffer =>
  attribute(type | nested, Buffer.concat(children))

export const bytesOf = {
  u8: (value: number): Buffer => Buffer.from([value]),
  /** Network order, as conntrack's attributes are. */
  u16: (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]),
  u32: (value: number): Buffer => {
    const buffer = Buffer.alloc(4)
    buffer.writeUInt32BE(value)
    return buffer
  },
} as const

export interface NetlinkRequest {
  readonly type: number
  readonly flags: number
  readonly sequence: number
  readonly body: Buffer
}

export function netlinkMessage({ type, flags, sequence, body }: NetlinkRequest): Buffer {
  const message = Buffer.alloc(headerBytes + body.length)
  writeHeader(message, 0, { length: message.length, type, flags, sequence })
  body.copy(message, headerBytes)
  return message
}

/** @param length of the message with its header */
export function writeHeader(
  message: Buffer,
  at: number,
  { length, type, flags, sequence }: Omit<NetlinkRequest, 'body'> & { readonly length: number },
): void {
  message.writeUInt32LE(length, at)
  message.writeUInt16LE(type, at + 4)
  message.writeUInt16LE(flags, at + 6)
  message.writeUInt32LE(sequence, at + 8)
}

/** The type of the attribute that begins at `at`. Both bytes are read singly, because the methods of Buffer take longer. */
export const attributeType = (buffer: Buffer, at: number): number =>
  ((buffer[at + 2] ?? 0) | ((buffer[at + 3] ?? 0) << 8)) & typeMask

/** Where the value of the attribute that begins at `at` ends; the value begins 4 bytes after `at`. A broken length counts as an empty value. */
export const attributeEnd = (buffer: Buffer, at: number): number =>
  at + Math.max(4, (buffer[at] ?? 0) | ((buffer[at + 1] ?? 0) << 8))
