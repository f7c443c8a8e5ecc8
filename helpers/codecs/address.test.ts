import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { addressBytes, v4Text, v6Text } from './address.ts'

test('IPv4', () => {
  expect([...addressBytes('192.0.2.254')]).toEqual([192, 0, 2, 254])
  expect(v4Text(Buffer.from([9, 10, 0, 255, 1]), 1)).toBe('10.0.255.1')
})

test.for([
  ['2001:db8:0:0:0:0:0:2', '2001:db8::2'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['fe80:0:0:0:0:0:0:0', 'fe80::'],
] as const)('IPv6 %s is written %s (RFC 5952)', ([long, short]) => {
  expect(v6Text(addressBytes(long), 0)).toBe(short)
})

test.for(['1.2.3', '1.2.3.256', '1.2.3.x', '1::2::3', '12345::', '1:2:3:4:5:6:7', ''])(
  '"%s" is not an address',
  (text) => {
    expect(() => addressBytes(text)).toThrow(RangeError)
  },
)

property.prop([fc.ipV6().filter((ip) => !ip.includes('.'))])('bytes and text of IPv6 give each other', (ip) => {
  const bytes = addressBytes(ip)
  expect(addressBytes(v6Text(bytes, 0))).toEqual(bytes)
})
