import { describe, expect, test } from 'vitest'
import { flowRequestsOf } from './conntrack-request.ts'
import { flowBytes } from './flow-bytes.ts'
import { flowOfKey, keyCodec, type WholeKey } from './map-key.ts'
import { valueStamp } from './map-value.ts'

const v4: WholeKey = {
  tuple: { protocol: 'tcp', source: { ip: '10.0.0.2', port: 40000 }, destination: { ip: '10.0.1.2', port: 8080 } },
  ownerIp: '10.0.0.2',
  ifindex: 7,
}
const v4Hex = '0a000002' + '409c' + '0000' + '0a000102' + '901f' + '06' + '00' + '0a000002' + '07000000'

const v6: WholeKey = {
  tuple: { protocol: 'udp', source: { ip: '2001:db8::2', port: 53 }, destination: { ip: '2001:db8::3', port: 5353 } },
  ownerIp: '2001:db8::2',
  ifindex: 258,
}
const prefix = '20010db8' + '0'.repeat(22)
const v6Hex = `${prefix}02` + '3500' + '0000' + `${prefix}03` + 'e914' + '11' + '00' + `${prefix}02` + '02010000'

const none = { ownerIp: undefined, ifindex: undefined }

describe.for([
  { bytes: 16, key: v4, hex: v4Hex.slice(0, 32), lacks: none },
  { bytes: 20, key: v4, hex: v4Hex.slice(0, 40), lacks: { ifindex: undefined } },
  { bytes: 24, key: v4, hex: v4Hex, lacks: {} },
  { bytes: 56, key: v6, hex: v6Hex.slice(0, 112), lacks: { ifindex: undefined } },
  { bytes: 60, key: v6, hex: v6Hex, lacks: {} },
])('keys of $bytes bytes', ({ bytes, key, hex, lacks }) => {
  test('are read at their offset', () => {
    const buffer = Buffer.concat([Buffer.alloc(3, 0xff), Buffer.from(hex, 'hex')])
    expect(keyCodec(bytes).decode(buffer, 3)).toEqual({ ...key, ...lacks })
  })

  test('are written byte for byte', () => {
    expect(keyCodec(bytes).encode(key).toString('hex')).toBe(hex)
  })

  test('have the flow of their tuple', () => {
    const flow = flowOfKey(Buffer.from(hex, 'hex'))
    expect(flow && flowRequestsOf('get', [flow], 1)).toEqual(flowRequestsOf('get', [flowBytes(key.tuple)], 1))
  })
})

test('an unknown key size is refused by name, not decoded by guess', () => {
  const why = 'keys of 32 bytes; known are 16, 20, 24, 56, 60'
  expect(() => keyCodec(32)).toThrow(why)
  expect(() => flowOfKey(Buffer.alloc(32))).toThrow(why)
})

test('a protocol that the agent does not track is refused', () => {
  const buffer = Buffer.from(v4Hex, 'hex')
  buffer[14] = 1
  expect(() => keyCodec(24).decode(buffer, 0)).toThrow('protocol 1')
  expect(flowOfKey(buffer)).toBeUndefined()
})

test('the stamp of a value, if its layout has one', () => {
  expect(valueStamp(Buffer.from([1]))).toBeUndefined()
  expect(valueStamp(Buffer.from([1, 0, 0, 0]))).toBeUndefined()
  expect(valueStamp(Buffer.from('0100000000000000' + '0200000000000001', 'hex'))).toBe(0x0100000000000002n)
  expect(() => valueStamp(Buffer.alloc(8))).toThrow('values of 8 bytes; known are 1, 4 and 16')
})
