/** Packs files into a tar archive (POSIX.1-1988, ustar), which `tar -x` of any container reads. */

export interface PackedFile {
  /** Relative, at most 100 bytes. */
  readonly path: string
  readonly content: Uint8Array
}

const block = 512

/** @throws RangeError when a path is too long for the format */
export function packTar(files: readonly PackedFile[]): Buffer {
  const parts = files.flatMap(({ path, content }) => [
    header(path, content.length),
    content,
    Buffer.alloc((block - (content.length % block)) % block),
  ])
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

function header(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > 100) throw new RangeError(`${path} is too long for a tar archive`)
  const bytes = Buffer.alloc(block)
  const octal = (value: number, at: number, digits: number): void => {
    bytes.write(value.toString(8).padStart(digits, '0'), at)
  }
  bytes.write(path, 0)
  octal(0o644, 100, 7) // mode
  octal(0, 108, 7) // owner
  octal(0, 116, 7) // group
  octal(size, 124, 11)
  octal(0, 136, 11) // time of modification
  bytes.write('        ', 148) // The checksum is taken with spaces in its place.
  bytes.write('0', 156) // a plain file
  bytes.write('ustar\x0000', 257)
  octal(
    bytes.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  )
  bytes.writeUInt8(0, 154)
  return bytes
}
