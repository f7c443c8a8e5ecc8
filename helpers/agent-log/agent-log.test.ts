/** Tests the parser with lines of different versions of the agent. */
import { describe, expect, test } from 'vitest'
import { parseAgentLog } from './agent-log.ts'

const line = (msg: string, ts = '2026-11-24T02:00:00.123Z') => JSON.stringify({ level: 'info', ts, msg })
const wallMs = Date.UTC(2026, 10, 24, 2, 0, 0, 123)
const source = { ip: '10.0.0.2', port: 40000 }
const destination = { ip: '10.0.1.2', port: 8080 }
const words =
  'Source IP - 10.0.0.2 Source port - 40000 Dest IP - 10.0.1.2 Dest port - 8080 Protocol - 6 Owner IP - 10.0.0.2'

test.for([
  ['began', 'Check for any stale entries in the conntrack map'],
  ['hydrated', 'hydrated local conntrack cache'],
  ['done', 'Done cleanup of conntrack map'],
  ['done', 'Done cleanup of conntrack map: deleted 3 stale entries out of 9 tracked'],
] as const)('parses a line about a pass: %s', ([kind, msg]) => {
  expect(parseAgentLog(line(msg))).toEqual({ kind, wallMs })
})

test.for([
  ['deleted', `Conntrack cleanup Delete - Conntrack Key : ${words}`],
  ['deleted', `Conntrack cleanup Delete - Conntrack Key : ${words} Ifindex - 7`],
  ['deleted', `Conntrack cleanup Delete (consecutive miss) - Conntrack Key : ${words}`],
  ['kept', `Conntrack cleanup Skip (in use) - ${words} Ifindex - 7`],
] as const)('parses a line about an entry: %s', ([kind, msg]) => {
  expect(parseAgentLog(line(msg))).toEqual({ kind, wallMs, tuple: { protocol: 'tcp', source, destination } })
})

describe('parses a line about a flow', () => {
  const v4 = 'Flow Info: Src IP: 10.0.0.2 Src Port: 40000 Dest IP: 10.0.1.2 Dest Port: 8080'
  const v6 = 'Flow Info: Src IP: 2001:db8::2 Src Port: 53 Dest IP: 2001:db8::3 Dest Port: 5353'
  test.for([
    ['denied', 'ingress', `${v4} Proto TCP Verdict DENY Direction ingress, Tier NETWORK_POLICY`, '10.0.0.2'],
    ['denied', 'ingress', `${v4} Proto TCP Verdict DENY Direction ingress`, '10.0.0.2'],
    ['accepted', 'egress', `${v6} Proto: UDP Verdict: ACCEPT Direction: egress Tier: DEFAULT`, '2001:db8::2'],
    ['denied', 'ingress', `${v6} Proto: TCP Verdict: DENY Direction: ingress Tier: DEFAULT`, '2001:db8::2'],
  ] as const)('that was %s on %s', ([kind, direction, msg, ip]) => {
    expect(parseAgentLog(line(msg))).toMatchObject({ kind, direction, tuple: { source: { ip } } })
  })
})

describe('up to v1.2.1', () => {
  const early = (fields: object): string => JSON.stringify({ level: 'info', ts: '2026-11-24T02:00:00.123Z', ...fields })
  const tuple = { protocol: 'tcp', source, destination }

  test.for([
    ['words, from v1.1.1 on', `Conntrack Key : ${words}`],
    [
      'a key, before that',
      {
        Source_ip: 0x0200000a,
        Source_port: 40000,
        Dest_ip: 0x0201000a,
        Dest_port: 8080,
        Protocol: 6,
        Owner_ip: 0x0200000a,
      },
    ],
  ])('a delete is %s', ([, key]) => {
    const text = early({ msg: 'Conntrack cleanup', 'Delete - ': key })
    expect(parseAgentLog(text)).toEqual({ kind: 'deleted', wallMs, tuple })
  })

  test('a key of IPv6 is bytes', () => {
    const ip = (last: number) => [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]
    const key = { Source_ip: ip(2), Source_port: 53, Dest_ip: ip(3), Dest_port: 5353, Protocol: 17 }
    const text = early({ msg: 'Conntrack cleanup', 'Delete - ': key })
    expect(parseAgentLog(text)).toMatchObject({
      kind: 'deleted',
      tuple: { protocol: 'udp', source: { ip: '2001:db8::2' }, destination: { ip: '2001:db8::3', port: 5353 } },
    })
  })

  test.for([
    ['denied', 'DENY'],
    ['accepted', 'ACCEPT'],
    ['accepted', 'EXPIRED/DELETED'],
  ] as const)('a flow is %s, without a direction', ([kind, Verdict]) => {
    const fields = { 'Src IP': '10.0.0.2', 'Src Port': 40000, 'Dest IP': '10.0.1.2', 'Dest Port': 8080, Proto: 'TCP' }
    expect(parseAgentLog(early({ msg: 'Flow Info:  ', ...fields, Verdict }))).toEqual({ kind, wallMs, tuple })
  })
})

test('parses the time zone of a time', () => {
  expect(parseAgentLog(line('Done cleanup of conntrack map', '2026-11-24T04:00:00.123+0200'))).toMatchObject({ wallMs })
})

test.for(['', 'panic: no', '{}', line('Something else'), line('Done cleanup of conntrack map', 'yesterday')])(
  'ignores the line: %s',
  (text) => {
    expect(parseAgentLog(text)).toBeUndefined()
  },
)
