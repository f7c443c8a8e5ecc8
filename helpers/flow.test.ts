import { expect, test } from 'vitest'
import { protocolOf, tupleText } from './flow.ts'

test('a tuple is printed from source to destination, with IPv6 addresses in brackets', () => {
  const v4 = {
    protocol: 'tcp',
    source: { ip: '192.0.2.2', port: 10000 },
    destination: { ip: '198.51.100.2', port: 8080 },
  } as const
  expect(tupleText(v4)).toBe('tcp 192.0.2.2:10000 → 198.51.100.2:8080')
  const v6 = { protocol: 'udp', source: { ip: '2001:db8::2', port: 1 }, destination: { ip: '::1', port: 2 } } as const
  expect(tupleText(v6)).toBe('udp [2001:db8::2]:1 → [::1]:2')
})

test('exactly one kind of flow is UDP; the others are TCP', () => {
  expect(protocolOf('udp-request')).toBe('udp')
  for (const kind of ['tcp-handshake', 'tcp-server-first', 'tcp-request'] as const) expect(protocolOf(kind)).toBe('tcp')
})
