/** Tests which denials count as denied replies. */
import { expect, test } from 'vitest'
import type { Tuple } from '../flow.ts'
import { DeniedReplies } from './denied-replies.ts'

const client = { ip: '10.0.0.2', port: 40000 }
const server = { ip: '10.0.1.2', port: 8080 }
const flow: Tuple = { protocol: 'tcp', source: client, destination: server }
const reply: Tuple = { protocol: 'tcp', source: server, destination: client }

function afterDelete(): DeniedReplies {
  const replies = new DeniedReplies(1000)
  replies.deleted(flow, 5000)
  return replies
}

test('a reply that is denied soon after the delete counts once', () => {
  const replies = afterDelete()
  expect(replies.denied(reply, 5020)).toEqual({ tuple: flow, deletedMs: 5000, gapMs: 20, isLate: false })
  expect(replies.denied(reply, 5030)).toBeUndefined()
})

test('a later one is for comparison', () => {
  expect(afterDelete().denied(reply, 6500)).toMatchObject({ gapMs: 1500, isLate: true })
})

test.for([
  ['much later', reply, 7001],
  ['before the delete', reply, 4999],
  ['in the direction of the flow', flow, 5020],
  ['of another port', { ...reply, destination: { ...client, port: 40001 } }, 5020],
  ['of another protocol', { ...reply, protocol: 'udp' }, 5020],
] as const)('a denial %s does not count', ([, tuple, atMs]) => {
  expect(afterDelete().denied(tuple, atMs)).toBeUndefined()
})

test('a flow that was accepted again does not count', () => {
  const replies = afterDelete()
  replies.accepted(flow)
  expect(replies.denied(reply, 5020)).toBeUndefined()
})

test('deletes are remembered as long as they can count, also when newer ones come', () => {
  const replies = afterDelete()
  replies.deleted({ ...flow, source: { ...client, port: 1 } }, 7001)
  expect(replies.denied(reply, 6999)).toMatchObject({ gapMs: 1999 })
})

test('memory is bounded, and what was forgotten is counted', () => {
  const replies = new DeniedReplies(1000)
  for (let n = 0; n < 400_000; n++)
    replies.deleted({ ...flow, source: { ip: `10.0.${n >> 14}.1`, port: n & 0x3fff } }, 5000)
  expect(replies.forgotten).toBeGreaterThan(100_000)
  expect(replies.forgotten).toBeLessThan(300_000)
})
