import { describe, expect, test } from 'vitest'
import { decodeEntry } from './conntrack-message.ts'
import { createRequest } from './conntrack-request.ts'
import { tcp, udp6 } from './example-tuples.ts'

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
