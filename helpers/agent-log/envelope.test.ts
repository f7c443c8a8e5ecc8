/** Tests that the agent's lines are found in what logging systems put around them. */
import { describe, expect, test } from 'vitest'
import { EnvelopeReader, type Enveloped } from './envelope.ts'

const plain = '{"level":"info","ts":"2026-11-24T02:00:00.123Z","caller":"x.go:1","msg":"Done cleanup of conntrack map"}'
/** With a field that is an object, as up to v1.0.7. */
const nested =
  '{"level":"info","ts":"2026-11-24T02:00:00.123Z","msg":"Conntrack cleanup","Delete - ":{"Source_ip":1,"Protocol":6}}'
const event =
  'Node: ip-10-0-0-1.ec2.internal;SIP: 10.0.0.2;SPORT: 40000;DIP: 10.0.1.2;DPORT: 80;PROTOCOL: TCP;PolicyVerdict: DENY;Tier: DEFAULT'
const time = '2026-11-24T02:00:00.200Z'
const wallMs = Date.parse(time)

function unpacked(...lines: readonly string[]): Enveloped[] {
  const reader = new EnvelopeReader()
  return lines.flatMap((line) => [...reader.unpacked(line)])
}

const quoted = (text: string): string => JSON.stringify(text)
const csv = (text: string): string => `"${text.replaceAll('"', '""')}"`

const forms: readonly (readonly [form: string, lines: (agent: string) => string[], Omit<Enveloped, 'text'>])[] = [
  ['the agent’s file', (agent) => [agent], {}],
  ['kubectl logs --timestamps', (agent) => [`${time} ${agent}`], { wallMs }],
  ['kubectl logs --prefix', (agent) => [`[pod/aws-node-x/aws-eks-nodeagent] ${agent}`], { source: 'aws-node-x' }],
  ['both', (agent) => [`[pod/aws-node-x/aws-eks-nodeagent] ${time} ${agent}`], { source: 'aws-node-x', wallMs }],
  ['stern', (agent) => [`aws-node-x aws-eks-nodeagent ${agent}`], { source: 'aws-node-x' }],
  ['CRI', (agent) => [`${time} stdout F ${agent}`], { wallMs }],
  ['Docker', (agent) => [`{"log":${quoted(`${agent}\n`)},"stream":"stdout","time":"${time}"}`], {}],
  [
    'Fluent Bit',
    (agent) => [
      `{"time":"${time}","log":${quoted(agent)},"kubernetes":{"pod_name":"aws-node-x","host":"ip-10-0-0-1"}}`,
    ],
    { source: 'ip-10-0-0-1' },
  ],
  [
    'Fluent Bit, which has read the JSON',
    (agent) => [`{"log_processed":${agent},"kubernetes":{"host":"ip-10-0-0-1"}}`],
    { source: 'ip-10-0-0-1' },
  ],
  ['a CloudWatch export', (agent) => [`${time} ${agent}`], { wallMs }],
  ['aws logs tail', (agent) => [`${time} ip-10-0-0-1/npa ${agent}`], { source: 'ip-10-0-0-1/npa', wallMs }],
  [
    'aws logs filter-log-events',
    (agent) => [
      '{',
      '    "events": [',
      '        {',
      '            "logStreamName": "node-1",',
      `            "timestamp": ${wallMs},`,
      `            "message": ${quoted(agent)},`,
      `            "ingestionTime": ${wallMs + 5}`,
    ],
    { source: 'node-1', wallMs },
  ],
  [
    'the same without line breaks',
    (agent) => [`{"events":[{"logStreamName":"node-1","timestamp":${wallMs},"message":${quoted(agent)}}]}`],
    { source: 'node-1', wallMs },
  ],
  [
    'aws logs get-query-results',
    (agent) => [
      '{',
      '"results": [ [',
      '{ "field": "@timestamp",',
      '"value": "2026-11-24 02:00:00.200" },',
      `{ "field": "@message", "value": ${quoted(agent)} }`,
    ],
    { wallMs },
  ],
  ['CSV of Logs Insights', (agent) => ['@timestamp,@message', `2026-11-24 02:00:00.200,${csv(agent)}`], { wallMs }],
  [
    'Fluent Bit in CloudWatch',
    (agent) => ['{', `"timestamp": ${wallMs},`, `"message": ${quoted(`{"log":${quoted(agent)},"stream":"stdout"}`)}`],
    { wallMs },
  ],
]

describe.for([
  ['a line', plain],
  ['a line with a field that is an object', nested],
] as const)('%s in', ([, line]) => {
  test.for(forms)('%s', ([, lines, envelope]) => {
    expect(unpacked(...lines(line))).toEqual([{ text: line, ...envelope }])
  })
})

test.for<[form: string, lines: string[], Omit<Enveloped, 'text'>]>([
  ['an export', [`${time} ${event}`], { wallMs }],
  ['aws logs tail', [`${time} npa-audit ${event}`], { source: 'npa-audit', wallMs }],
  ['aws logs filter-log-events', ['{', `"timestamp": ${wallMs},`, `"message": "${event}",`], { wallMs }],
  ['CSV', [`2026-11-24 02:00:00.200,${event}`], { wallMs }],
])('a policy event in CloudWatch: %s', ([, lines, envelope]) => {
  expect(unpacked(...lines)).toEqual([{ text: event, ...envelope }])
})

test('many events in one line', () => {
  const one = (at: number) => `{"logStreamName":"n","timestamp":${at},"message":${quoted(plain)}}`
  expect(unpacked(`{"events":[${one(wallMs)}, ${one(wallMs + 1)}]}`).map((found) => found.wallMs)).toEqual([
    wallMs,
    wallMs + 1,
  ])
})

test.for([
  ['a line about something else', plain.replace('Done cleanup of conntrack map', 'Reconciling')],
  ['a line that was cut off', plain.slice(0, -5)],
  ['text that only mentions the agent', 'grep "Conntrack cleanup" network-policy-agent.log'],
])('nothing is found in %s', ([, line = '']) => {
  expect(unpacked(line)).toEqual([])
})
