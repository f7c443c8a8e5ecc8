import { expect, test } from 'vitest'
import { conntrackType } from './conntrack-message.ts'
import { createRequest, dumpRequest, flowRequestsOf } from './conntrack-request.ts'
import { tcp as tcpTuple, udp6 as udp6Tuple } from './example-tuples.ts'
import { flowBytes } from './flow-bytes.ts'

const tcp = flowBytes(tcpTuple)
const udp6 = flowBytes(udp6Tuple)

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
  expect(header(flowRequestsOf('get', [tcp], 1))).toMatchObject({ type: conntrackType.get, flags: 1, family: 2 })
  expect(header(flowRequestsOf('delete', [udp6], 2))).toEqual({
    length: 96,
    type: conntrackType.delete,
    flags: 5,
    sequence: 2,
    family: 10,
  })
})

test('a tuple is written as the kernel reads it', () => {
  // From `conntrack -G` under strace: CTA_TUPLE_ORIG { CTA_TUPLE_IP { SRC, DST }, CTA_TUPLE_PROTO { NUM, SRC_PORT, DST_PORT } }
  expect(flowRequestsOf('get', [tcp], 0).subarray(20).toString('hex')).toBe(
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

test('many flows are asked for in one buffer, with sequence numbers that follow each other', () => {
  const flows = [tcp, udp6, tcp]
  const alone = flows.map((flow, index) => flowRequestsOf('get', [flow], 7 + index))
  expect(flowRequestsOf('get', flows, 7).toString('hex')).toBe(Buffer.concat(alone).toString('hex'))
})

test('a tuple of IPv6 is as in a request that creates an entry', () => {
  // Both begin with the header and the family, and go on with the original tuple.
  const asked = flowRequestsOf('get', [udp6], 0).subarray(16)
  expect(
    createRequest(udp6Tuple, 1, 0, false)
      .subarray(16, 16 + asked.length)
      .toString('hex'),
  ).toBe(asked.toString('hex'))
})
