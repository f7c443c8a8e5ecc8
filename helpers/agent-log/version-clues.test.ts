/** Tests which releases a line may be from. The lines are those of the agent's source at each tag. */
import { expect, test } from 'vitest'
import { rangeText, intersection, type VersionRange } from '../agents/cleanup-history.ts'
import { rawLine } from './agent-log.ts'
import { versionClues } from './version-clues.ts'

const ts = '2026-11-24T02:00:00.123Z'
const clues = (fields: object) => {
  const line = rawLine(JSON.stringify({ level: 'info', ts, ...fields }))
  return line ? versionClues(line) : []
}
const key =
  'Conntrack Key : Source IP - 10.0.0.2 Source port - 1 Dest IP - 10.0.0.3 Dest port - 2 Protocol - 6 Owner IP - 10.0.0.2'
const flow =
  'Flow Info: Src IP: 10.0.0.2 Src Port: 1 Dest IP: 10.0.0.3 Dest Port: 2 Proto TCP Verdict DENY Direction ingress'

test.for<[range: string, fields: object]>([
  ['v1.4.1', { msg: 'Starting network policy agent: v1.4.1 (built: 2026-01-01, ebpf-sdk: v1.0.15), log level: debug' }],
  ['v1.4.3', { msg: 'Starting network policy agent: v1.4.3-eksbuild.1 (built: x, ebpf-sdk: y), log level: info' }],
  [
    'v1.4.1 or later',
    { msg: 'Starting network policy agent: unknown (built: unknown, ebpf-sdk: unknown), log level: info' },
  ],
  ['v1.2.2 to v1.4.0', { msg: 'Starting network policy agent with log level: debug' }],
  ['v1.0.4', { msg: 'version', GitVersion: 'v1.0.4', GitCommit: 'a', BuildDate: 'b' }],
  ['v1.0.7 or earlier', { msg: 'version', GitVersion: '', GitCommit: '', BuildDate: '' }],
  ['v1.0.2 or earlier', { ts: undefined, timestamp: ts, msg: 'Done cleanup of conntrack map' }],
  ['unknown', { msg: 'Done cleanup of conntrack map' }],
  ['v1.0.7 or later', { msg: 'Check for any stale entries in the conntrack map' }],
  ['v1.1.2 or later', { msg: 'hydrated local conntrack cache' }],
  ['v1.0.5 or earlier', { msg: 'Conntrack cleanup', 'Entry - ': key.replace(/ Owner.*/, '') }],
  ['v1.0.6 to v1.1.1', { msg: 'Conntrack cleanup', 'Entry - ': key }],
  ['v1.0.7 or earlier', { msg: 'Conntrack cleanup', 'Delete - ': { Source_ip: 1, Source_port: 2 } }],
  ['v1.0.8 to v1.2.1', { msg: 'Conntrack cleanup', 'Delete - ': key }],
  ['v1.2.2 to v1.3.5', { msg: `Conntrack cleanup Delete - ${key}` }],
  ['v1.3.7 or later', { msg: `Conntrack cleanup Delete - ${key} Ifindex - 7` }],
  ['v1.4.3 or later', { msg: `Conntrack cleanup Skip (in use) - ${key} Ifindex - 7` }],
  ['v1.2.1 or earlier', { msg: 'Flow Info:  ', 'Src IP': '10.0.0.2' }],
  ['v1.2.2 to v1.2.7', { msg: flow }],
  ['v1.3.0 or later', { msg: `${flow}, Tier NETWORK_POLICY` }],
])('%s', ([range, fields]) => {
  expect(rangeText(clues(fields).reduce<VersionRange>((all, clue) => intersection(all, clue.range), {}))).toBe(range)
})

test('a start names the level', () => {
  expect(clues({ msg: 'Starting network policy agent with log level: info' })).toMatchObject([
    { isStart: true, level: 'info' },
  ])
})
