import { expect, test } from 'vitest'
import { decodeHold, decodeHoldState, decodeProcess, encodeHoldConfig, layoutMembers } from './hold-record.ts'
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

test('a record of the hold', () => {
  const record = Buffer.from(
    '7b00000000000000' +
      '04000000' +
      '01000000' +
      '05000000' +
      'feffffff' +
      '01000000' +
      '09000000' +
      '4d000000' +
      '00000000' +
      '6167656e740000000000000000000000',
    'hex',
  )
  const deleted = { at: 123, kind: 'deleted', process: 1, flow: 5, result: -2, stopped: true, fd: 9, mapId: 77 }
  expect(decodeHold(record)).toEqual({ ...deleted, name: 'agent' })
  record[8] = 11
  expect(decodeHold(record)).toMatchObject({ kind: 'foreign-delete', process: 1 })
  record[8] = 77
  expect(() => decodeHold(record)).toThrow('kind 77')
})

test('the configuration of the hold', () => {
  const config = {
    namespace: { device: 4n, inode: 0xf0000000n },
    observer: { device: 5n, inode: 6n, tgid: 12 },
    isWatching: true,
    keyBytes: 24,
    mapId: 77,
    stopAt: windowTable['after-reread'].stopBit,
  }
  const head =
    '0400000000000000' +
    '000000f000000000' +
    '0500000000000000' +
    '0600000000000000' +
    '0c000000' +
    '01000000' +
    '18000000' +
    '4d000000' +
    '02000000' +
    '00000000'
  const without = encodeHoldConfig({ ...config, layout: undefined })
  expect(without.toString('hex')).toBe(head + '00'.repeat(48))
  const offsets = layoutMembers.map((_, index) => index + 1)
  const known = encodeHoldConfig({ ...config, layout: offsets })
  expect(known.subarray(56).toString('hex')).toBe(
    [1, ...offsets].map((value) => `${value.toString(16).padStart(2, '0')}000000`).join(''),
  )
})

test('what the hold has counted', () => {
  const state = Buffer.from(
    '0100000000000000' + '02000000' + '03000000' + '0400000000000000' + '0500000000000000',
    'hex',
  )
  expect(decodeHoldState(state)).toEqual({ lastCall: 1, lost: 4n, unread: 5n })
})

test('the stops of a process, and where it makes its calls', () => {
  const process = Buffer.from('0700000000000000' + '27f8f1bb8f7f0000' + '2af8f1bb8f7f0000', 'hex')
  const sites = { call: 0x7f8fbbf1f827n, delete: 0x7f8fbbf1f82an }
  expect(decodeProcess(process)).toEqual({ stops: 7n, sites })
})
