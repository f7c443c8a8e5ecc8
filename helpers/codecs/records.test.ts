import { expect, test } from 'vitest'
import { decodeCallSites, decodeHold, encodeHoldConfig } from './hold-record.ts'
import { windowTable } from '../windows.ts'
import { policyEventCodec } from './policy-event.ts'
import { decodeVerdict } from './verdict-record.ts'

test('a verdict of the datapath', () => {
  const record = Buffer.alloc(48)
  record.writeBigUInt64LE(123n, 0)
  record.set([192, 0, 2, 2], 8)
  record.set([198, 51, 100, 2], 24)
  record.writeUInt16LE(40000, 40)
  record.writeUInt16LE(8080, 42)
  record.set([6, 0, 0, 4], 44)
  const tuple = {
    protocol: 'tcp',
    source: { ip: '192.0.2.2', port: 40000 },
    destination: { ip: '198.51.100.2', port: 8080 },
  }
  expect(decodeVerdict(record)).toEqual({ at: 123, tuple, verdict: 'deny', direction: 'ingress' })
})

test('a policy event of the agent, IPv4', () => {
  const hex =
    'c0000202' + '409c0000' + 'c6336402' + '901f0000' + '06000000' + '00000000' + '4a000000' + '00' + '02' + '0000'
  expect(policyEventCodec(4).decode(Buffer.from(hex, 'hex'))).toEqual({
    tuple: {
      protocol: 'tcp',
      source: { ip: '192.0.2.2', port: 40000 },
      destination: { ip: '198.51.100.2', port: 8080 },
    },
    verdict: 'deny',
    direction: 'ingress',
  })
})

test('a policy event up to v1.2.1 has no direction', () => {
  const hex = 'c0000202' + '409c0000' + 'c6336402' + '901f0000' + '06000000' + '00000000'
  const event = policyEventCodec(4).decode(Buffer.from(hex, 'hex'))
  expect(event).toMatchObject({ tuple: { destination: { port: 8080 } }, verdict: 'deny' })
  expect(event.direction).toBeUndefined()
})

test('a policy event of the agent, IPv6', () => {
  const address = (last: string): string => `20010db8${'0'.repeat(22)}${last}`
  const hex =
    address('02') +
    '35000000' +
    address('03') +
    'e9140000' +
    '11000000' +
    '01000000' +
    '4a000000' +
    '01' +
    '02' +
    '0000'
  expect(policyEventCodec(6).decode(Buffer.from(hex, 'hex'))).toEqual({
    tuple: {
      protocol: 'udp',
      source: { ip: '2001:db8::2', port: 53 },
      destination: { ip: '2001:db8::3', port: 5353 },
    },
    verdict: 'accept',
    direction: 'egress',
  })
})

test('an event of the hold', () => {
  const record = Buffer.from(
    '7b00000000000000' + '04000000' + '01000000' + '05000000' + 'feffffff' + '01000000' + '09000000',
    'hex',
  )
  expect(decodeHold(record)).toEqual({ at: 123, kind: 'deleted', flow: 5, result: -2, stopped: true, fd: 9 })
  record[8] = 8
  expect(decodeHold(record)).toMatchObject({ kind: 'delete-began', flow: 5, stopped: true })
  record[8] = 77
  expect(() => decodeHold(record)).toThrow('kind 77')
})

test('what the hold is told', () => {
  const config = encodeHoldConfig({
    device: 4n,
    inode: 0xf0000000n,
    tgid: 12,
    keyBytes: 24,
    stopAt: windowTable['after-reread'].stopBit,
  })
  expect(config.toString('hex')).toBe(
    '0400000000000000' + '000000f000000000' + '0c000000' + '18000000' + '02000000' + '00000000',
  )
})

test('where the process makes its calls', () => {
  const state = Buffer.from(
    '0100000000000000' + '02000000' + '03000000' + '27f8f1bb8f7f0000' + '2af8f1bb8f7f0000',
    'hex',
  )
  expect(decodeCallSites(state)).toEqual({ call: 0x7f8fbbf1f827n, delete: 0x7f8fbbf1f82an })
})
