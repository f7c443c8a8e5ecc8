import { describe, expect, test } from 'vitest'
import {
  conntrackType,
  createRequest,
  decodeEntry,
  deleteRequest,
  dumpRequest,
  getRequest,
} from './conntrack-message.ts'
import type { Tuple } from '../flow.ts'

const tcp: Tuple = {
  protocol: 'tcp',
  source: { ip: '192.0.2.2', port: 40000 },
  destination: { ip: '198.51.100.2', port: 8080 },
}
const udp6: Tuple = {
  protocol: 'udp',
  source: { ip: '2001:db8:1::2', port: 53 },
  destination: { ip: '2001:db8:2::2', port: 54 },
}

const header = (message: Buffer) => ({
  length: message.readUInt32LE(0),
  type: message.readUInt16LE(4),
  flags: message.readUInt16LE(6),
  sequence: message.readUInt32LE(8),
  family: message[16],
})

test('a dump asks for one family', () => {
  expect(dumpRequest(4, 9).toString('hex')).toBe('14000000' + '0101' + '0103' + '09000000' + '00000000' + '02000000')
  expect(header(dumpRequest(6, 9)).family).toBe(10)
})

test('one flow is asked for, and deleted with an acknowledgement', () => {
  expect(header(getRequest(tcp, 1))).toMatchObject({ type: conntrackType.get, flags: 1, family: 2 })
  expect(header(deleteRequest(udp6, 2))).toMatchObject({
    type: conntrackType.delete,
    flags: 5,
    sequence: 2,
    family: 10,
  })
})

test('a tuple is written as the kernel reads it', () => {
  // From `conntrack -G` under strace: CTA_TUPLE_ORIG { CTA_TUPLE_IP { SRC, DST }, CTA_TUPLE_PROTO { NUM, SRC_PORT, DST_PORT } }
  expect(getRequest(tcp, 0).subarray(20).toString('hex')).toBe(
    '34000180' +
      '14000180' +
      '08000100' +
      'c0000202' +
      '08000200' +
      'c6336402' +
      '1c000280' +
      '05000100' +
      '06000000' +
      '06000200' +
      '9c400000' +
      '06000300' +
      '1f900000',
  )
})

describe('an entry that is made says what it was made of', () => {
  test.for([tcp, udp6])('$protocol', (tuple) => {
    const message = createRequest(tuple, 30, 7, true)
    expect(decodeEntry(message, 0, message.length)).toEqual({
      id: 0,
      original: tuple,
      reply: { protocol: tuple.protocol, source: tuple.destination, destination: tuple.source },
      timeoutSeconds: 30,
      tcpState: tuple.protocol === 'tcp' ? 'ESTABLISHED' : undefined,
    })
  })
})

test('a flow whose destination was translated keeps both addresses', () => {
  const message = createRequest(tcp, 30, 7, true)
  const written = Buffer.from('c6336402', 'hex')
  message[message.lastIndexOf(written) + 3] = 9 // 198.51.100.2 in the reply's tuple
  const entry = decodeEntry(message, 0, message.length)
  expect(entry?.original).toEqual(tcp)
  expect(entry?.reply).toEqual({
    protocol: 'tcp',
    source: { ip: '198.51.100.9', port: 8080 },
    destination: tcp.source,
  })
})

test('an entry that is neither TCP nor UDP is passed over', () => {
  const message = createRequest(tcp, 30, 7, true)
  for (let at = 0; (at = message.indexOf(Buffer.from('0500010006000000', 'hex'), at)) >= 0;) message[at + 4] = 1
  expect(decodeEntry(message, 0, message.length)).toBeUndefined()
})
