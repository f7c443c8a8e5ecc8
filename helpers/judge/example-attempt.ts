/** Provides the events of a typical attempt that shows the race. Each test of the judge changes one thing in it. */
import type { AttemptEvent, CohortEvent, RunEvent } from '../history/event.ts'
import { controlSchedules, raceSchedule, scheduleText, type Purpose } from '../schedule/schedule.ts'
import { ns, seconds } from '../units.ts'

export const exampleRun: RunEvent = {
  type: 'run',
  at: ns(0),
  schemaVersion: 1,
  runId: 'example',
  startedAt: '2026-01-01T00:00:00.000Z',
  environment: { target: 'lab', kernel: '6.18.44', architecture: 'x64', node: 'v24.0.0', cpus: 2, suite: '0.1.0' },
  config: {},
  replay: 'npx vitest run specs/race',
}

export const exampleCohort = (changes: Partial<CohortEvent> = {}): CohortEvent => ({
  type: 'cohort',
  at: ns(0),
  cohort: 'subject',
  role: 'subject',
  agent: 'reference:alternating',
  window: 'after-snapshot',
  trigger: 'exact',
  flow: 'tcp-server-first',
  ip: 4,
  idlePasses: 0,
  schedule: scheduleText(raceSchedule('after-snapshot', 0)),
  expect: 'lost',
  expiry: 'forced',
  passes: 'demand',
  iterations: 1,
  connections: 1,
  parallel: 1,
  kernelTimeout: seconds(30),
  cleanupPeriod: seconds(60),
  ...changes,
})

const flow = 0
const here = { present: [flow], absent: [] }
const gone = { present: [], absent: [flow] }
const tuple = {
  protocol: 'tcp',
  source: { ip: '192.0.2.2', port: 10_000 },
  destination: { ip: '198.51.100.2', port: 8080 },
} as const

export interface ExampleOptions {
  readonly cohort?: string
  readonly number?: number
  readonly purpose?: Extract<Purpose, 'race' | 'no-reuse'>
  /** Whether the agent's delete hits the live flow. */
  readonly lost: boolean
}

/** Returns an attempt with one flow, in which each event takes one millisecond. */
export function exampleAttempt({
  cohort = 'subject',
  number = 1,
  purpose = 'race',
  lost,
}: ExampleOptions): AttemptEvent[] {
  const attempt = `${cohort} ${purpose} ${number}`
  const schedule = scheduleText(purpose === 'race' ? raceSchedule('after-snapshot', 0) : controlSchedules[purpose])
  let time = number * 1e9
  const at = () => ns((time += 1e6))
  const passed = lost ? gone : here
  // A function, because each event moves the clock on: the events must be made in their order.
  const race = (): AttemptEvent[] =>
    purpose === 'race'
      ? [
          { type: 'expired', at: at(), attempt, expiry: 'forced', flows: [flow] },
          { type: 'observed', at: at(), attempt, moment: 'expired', kernel: gone, map: here },
          { type: 'agent.snapshot', at: at(), attempt, stopped: true },
          { type: 'agent.held', at: at(), attempt, window: 'after-snapshot' },
          { type: 'flow.reused', began: at(), at: at(), attempt, flow },
          { type: 'observed', at: at(), attempt, moment: 'reused', kernel: here, map: here },
          { type: 'agent.released', at: at(), attempt },
        ]
      : []
  return [
    { type: 'attempt.begin', at: at(), attempt, cohort, purpose, number, schedule, flows: [{ flow, tuple }] },
    { type: 'flow.opened', at: at(), attempt, flow },
    { type: 'observed', at: at(), attempt, moment: 'opened', kernel: here, map: here },
    { type: 'agent.walked', began: at(), at: at(), attempt },
    ...race(),
    ...(lost ? [{ type: 'agent.deleted', at: at(), attempt, flow, result: 0 } as const] : []),
    { type: 'agent.pass', at: at(), attempt, pass: 'ended' },
    { type: 'observed', at: at(), attempt, moment: 'passed', kernel: here, map: passed },
    { type: 'reply.sent', at: at(), attempt, flow },
    lost
      ? { type: 'verdict', at: at(), attempt, flow, verdict: 'deny', direction: 'ingress', reply: true }
      : { type: 'reply.received', at: at(), attempt, flow },
    { type: 'client.observed', at: at(), attempt, received: lost ? [] : [flow], missing: lost ? [flow] : [] },
    { type: 'attempt.end', at: at(), attempt },
  ]
}
