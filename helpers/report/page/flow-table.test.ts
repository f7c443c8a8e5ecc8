import { expect, test } from 'vitest'
import { exampleAttempt } from '../../judge/example-attempt.ts'
import type { AttemptEvent, EventOf } from '../../history/event.ts'
import { judgeAttempt } from '../../judge/judge-attempt.ts'
import { flowTable } from './flow-table.ts'

/** Adds the flows 1 to `kept`, which the agent keeps: the example has only flow 0, which it deletes. */
function withKeptFlows(kept: number): AttemptEvent[] {
  const more = Array.from({ length: kept }, (_, index) => index + 1)
  const all = (flows: readonly number[]): number[] => (flows.includes(0) ? [...flows, ...more] : [...flows])
  const look = ({ moment, ...event }: EventOf<'observed'>): AttemptEvent => ({
    ...event,
    moment,
    kernel: { present: all(event.kernel.present), absent: all(event.kernel.absent) },
    map: moment === 'passed' ? { present: more, absent: [0] } : { present: all(event.map.present), absent: [] },
  })
  return exampleAttempt({ lost: true }).flatMap((event): AttemptEvent[] => {
    switch (event.type) {
      case 'attempt.begin': {
        const flows = event.flows.flatMap(({ flow, tuple }) => [
          { flow, tuple },
          ...more.map((each) => ({
            flow: each,
            tuple: { ...tuple, source: { ...tuple.source, port: 10_000 + each } },
          })),
        ])
        return [{ ...event, flows }]
      }
      case 'flow.opened':
      case 'flow.reused':
      case 'reply.sent':
        return [event, ...more.map((flow) => ({ ...event, flow }))]
      case 'expired':
        return [{ ...event, flows: all(event.flows) }]
      case 'observed':
        return [look(event)]
      case 'client.observed':
        return [
          ...more.map((flow) => ({ type: 'reply.received' as const, at: event.at, attempt: event.attempt, flow })),
          { ...event, received: more, missing: [0] },
        ]
      default:
        return [event]
    }
  })
}

function tableOf(events: readonly AttemptEvent[]): string | undefined {
  const verdict = judgeAttempt(events, { window: 'after-snapshot', trigger: 'exact' })
  return flowTable(events, verdict)
    ?.text.replaceAll(/<[^>]*>|\s+/g, ' ')
    .replaceAll(/ +/g, ' ')
}

test('compares flows that were lost with flows that were kept', () => {
  const table = tableOf(withKeptFlows(2))
  expect(table).toContain('Flows: 1 of 1 with a denied reply, 2 of 2 others')
  expect(table).toContain('tcp 192.0.2.2:10000 → 198.51.100.2:8080 9.00 13.00 17.00 – ')
  expect(table).toContain('tcp 192.0.2.2:10002 → 198.51.100.2:8080 9.00 – – 18.00 ')
})

test('shows a few flows of each kind', () => {
  const table = tableOf(withKeptFlows(40)) ?? ''
  expect(table).toContain('Flows: 1 of 1 with a denied reply, 6 of 40 others')
  expect(table.match(/tcp /g)).toHaveLength(7)
})

test('is not needed if all flows have the same fate', () => {
  expect(tableOf(exampleAttempt({ lost: true }))).toBeUndefined()
  expect(tableOf(exampleAttempt({ lost: false }))).toBeUndefined()
})
