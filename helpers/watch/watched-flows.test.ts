/** Tests which deletes become findings. */
import { describe, expect, test } from 'vitest'
import type { Tuple } from '../flow.ts'
import { openMetrics } from './open-metrics.ts'
import { findingLine, layoutText, totalLines } from './watch-totals.ts'
import { followMs, WatchedFlows, type Finding } from './watched-flows.ts'

const client = { ip: '10.0.0.2', port: 40000 }
const server = { ip: '10.0.1.2', port: 8080 }
const flow: Tuple = { protocol: 'tcp', source: client, destination: server }
const reply: Tuple = { protocol: 'tcp', source: server, destination: client }
const map = { mapId: 12, mapLayout: '24/1' }
const deleted = { tuple: flow, deletedMs: 1000, process: 7, ...map }

function watched(): { flows: WatchedFlows; findings: Finding[] } {
  const findings: Finding[] = []
  return { flows: new WatchedFlows((finding) => findings.push(finding)), findings }
}

test('a live flow with a denied reply is a finding, once', () => {
  const { flows, findings } = watched()
  flows.deletedAlive(deleted, false)
  flows.denied(reply, 1030)
  flows.denied(reply, 2030)
  flows.endBefore(Infinity)
  expect(findings).toEqual([{ ...deleted, deniedAfterMs: 30 }])
  expect(flows.counts).toEqual({ stale: 0, live: 1, undecided: 0, denied: 1 })
})

test('a live flow without a denied reply is a finding later, with the time at which its entry was back', () => {
  const { flows, findings } = watched()
  flows.deletedAlive(deleted, false)
  expect(flows.missing()).toEqual([flow])
  flows.entered(flow, 1400)
  expect(flows.missing()).toEqual([])
  flows.endBefore(1000 + followMs - 1)
  expect(findings).toEqual([])
  flows.endBefore(1000 + followMs)
  expect(findings).toEqual([{ ...deleted, entryAfterMs: 400 }])
})

test('a flow whose entry was back at once is a finding only with a denied reply', () => {
  const { flows, findings } = watched()
  flows.deletedAlive(deleted, true)
  flows.endBefore(Infinity)
  expect(findings).toEqual([])
  flows.deletedAlive(deleted, true)
  flows.denied(reply, 1001)
  expect(findings).toHaveLength(1)
  expect(flows.counts).toMatchObject({ live: 0, undecided: 2, denied: 1 })
})

test('the flow of a stale entry is not followed', () => {
  const { flows, findings } = watched()
  flows.deletedStale()
  flows.denied(reply, 1010)
  flows.endBefore(Infinity)
  expect(findings).toEqual([])
  expect(flows.counts).toEqual({ stale: 1, live: 0, undecided: 0, denied: 0 })
})

test.for([
  ['before the delete', reply, 999],
  ['in the direction of the flow', flow, 1010],
] as const)('a denied packet %s does not count', ([, packet, atMs]) => {
  const { flows } = watched()
  flows.deletedAlive(deleted, false)
  flows.denied(packet, atMs)
  expect(flows.counts.denied).toBe(0)
})

describe('output', () => {
  const totals = { counts: { stale: 5, live: 2, undecided: 1, denied: 1 }, passes: 3, lost: 4, seconds: 1800 }

  test('a finding is one line', () => {
    expect(findingLine({ ...deleted, deletedMs: 0, deniedAfterMs: 30 })).toBe(
      '1970-01-01T00:00:00.000Z process 7 deleted the entry of the live flow tcp 10.0.0.2:40000 → 10.0.1.2:8080 from map 12 (24/1: releases up to v1.4.2): a reply was denied 30 ms later',
    )
    expect(findingLine({ ...deleted, deletedMs: 0 })).toContain('within 10 s')
  })

  test('totals have a rate with bounds, and what was not seen', () => {
    expect(totalLines(totals)).toEqual([
      '30 min: 3 passes with deletes; 8 entries deleted, 2 of live flows, 1 undecided (the entry was back at once)',
      '1 live flow with a denied reply: 2 an hour (95 %: 0.051 to 11)',
      '4 deletes came faster than they could be read, and may hide more',
    ])
  })

  test('metrics have names with units, and end as OpenMetrics requires', () => {
    const lines = openMetrics(totals, [{ pod: { namespace: 'shop', name: 'cart-0' }, count: 1 }]).split('\n')
    expect(lines).toContain('npa_race_deletes_total{flow="live"} 2')
    expect(lines).toContain('# UNIT npa_race_watched_seconds seconds')
    expect(lines).toContain('npa_race_pod_denied_flows_total{protected_namespace="shop",protected_pod="cart-0"} 1')
    expect(lines).toContain('npa_race_watched_seconds_total 1800')
    expect(lines.slice(-2)).toEqual(['# EOF', ''])
  })
})

test.for([
  ['60/4', '60/4: releases up to v1.0.4'],
  ['24/1', '24/1: releases up to v1.4.2'],
  ['24/16', '24/16: v1.4.3 or later'],
] as const)('the layout %s', ([layout, text]) => expect(layoutText(layout)).toBe(text))
