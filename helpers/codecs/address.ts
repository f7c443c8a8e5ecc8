/** IP addresses between text and bytes in network order. */

/** @throws RangeError if the text is not an address */
export function addressBytes(ip: string): Uint8Array {
  return ip.includes(':') ? v6Bytes(ip) : v4Bytes(ip)
}

function v4Bytes(ip: string): Uint8Array {
  const parts = ip.split('.').map(Number)
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    throw new RangeError(`"${ip}" is not an IPv4 address`)
  return Uint8Array.from(parts)
}

function v6Bytes(ip: string): Uint8Array {
  const [head = '', tail, third] = ip.split('::')
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const gap = 8 - left.length - right.length
  const all = [...left, ...Array.from({ length: Math.max(gap, 0) }, () => 0), ...right]
  const wrong =
    third !== undefined ||
    all.length !== 8 ||
    (tail === undefined && gap !== 0) ||
    all.some((group) => !(group >= 0 && group <= 0xffff))
  if (wrong) throw new RangeError(`"${ip}" is not an IPv6 address`)
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}

/** Dotted decimal of the four bytes at `offset`. */
export const v4Text = (bytes: Uint8Array, offset: number): string =>
  `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`

/** The sixteen bytes at `offset` in the shortest form (RFC 5952): lower case, the longest run of two zero groups or more as `::`. */
export function v6Text(bytes: Uint8Array, offset: number): string {
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((bytes[offset + 2 * index] ?? 0) << 8) | (bytes[offset + 2 * index + 1] ?? 0),
  )
  const { start, length } = longestZeros(groups)
  const text = (some: readonly number[]): string => some.map((group) => group.toString(16)).join(':')
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  groups.forEach((group, index) => {
    if (group !== 0) start = index + 1
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start }
  })
  return best
}
