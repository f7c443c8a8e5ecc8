/** What a client sees if its flow is lost, for each kind of flow: packets are dropped silently, and no connection is refused. */
import { cohortOf, type CohortPlan } from '../../helpers/config/cohorts.ts'
import type { FlowKind, IpFamily } from '../../helpers/flow.ts'
import type { AttemptEvent } from '../../helpers/history/event.ts'
import { symptomSchedule } from '../../helpers/schedule/schedule.ts'
import { elapsedMs, type Ms } from '../../helpers/units.ts'
import type { CohortRun } from '../../fixtures/attempt/attempt-runner.ts'
import { describe, expect, test } from '../../fixtures/test.ts'

const cohort = (flow: FlowKind, ip: IpFamily): CohortPlan =>
  cohortOf(`symptom of ${flow} IPv${ip}`, {
    agent: 'reference:alternating',
    flow,
    ip,
    expect: 'lost',
    iterations: 1,
    connections_per_wave: 1,
  })

interface Symptom {
  /** The time from the first reply that was sent to the first that arrived. */
  readonly healedAfter: Ms | undefined
  readonly neededTheClient: boolean
  readonly denials: number
}

/** Runs an attempt that loses a flow. @returns what its client saw */
async function lossIn(cohortRun: CohortRun): Promise<Symptom> {
  const { verdict, events } = await cohortRun.watched('race', symptomSchedule)
  expect(verdict).toLoseAFlow()
  return symptomIn(events)
}

function symptomIn(events: readonly AttemptEvent[]): Symptom {
  const sent = events.find(({ type }) => type === 'reply.sent')
  const received = events.find(({ type }) => type === 'reply.received')
  const prompted = events.find(({ type }) => type === 'client.sent')
  return {
    healedAfter: sent && received && elapsedMs(sent.at, received.at),
    neededTheClient: prompted !== undefined && (received?.at ?? Infinity) > prompted.at,
    denials: events.filter((event) => event.type === 'verdict' && event.verdict === 'deny' && event.reply).length,
  }
}

describe.for([4, 6] as const)('over IPv%i', (ip) => {
  describe('a TCP handshake', () => {
    test.override('cohort', cohort('tcp-handshake', ip))
    test(
      'succeeds after a SYN retransmission, about a second later',
      { tags: ['lab', 'tcp'] },
      async ({ cohortRun }) => {
        const symptom = await lossIn(cohortRun)
        expect(symptom).toMatchObject({ neededTheClient: false })
        expect(symptom.healedAfter).toBeGreaterThan(800)
        expect(symptom.denials).toBeGreaterThanOrEqual(1)
      },
    )
  })

  describe('a TCP connection on which the server sends data', () => {
    test.override('cohort', cohort('tcp-server-first', ip))
    test('hangs until the client sends something', { tags: ['lab', 'tcp'] }, async ({ cohortRun }) => {
      const symptom = await lossIn(cohortRun)
      expect(symptom.neededTheClient).toBe(true)
      expect(symptom.healedAfter).toBeDefined()
      expect(symptom.denials).toBeGreaterThanOrEqual(3)
    })
  })

  describe('a TCP request in flight', () => {
    test.override('cohort', cohort('tcp-request', ip))
    test(
      'heals by its own retransmission, sooner than a handshake',
      { tags: ['lab', 'tcp'] },
      async ({ cohortRun }) => {
        const symptom = await lossIn(cohortRun)
        expect(symptom).toMatchObject({ neededTheClient: false })
        expect(symptom.healedAfter).toBeGreaterThan(100)
      },
    )
  })

  describe('a UDP request', () => {
    test.override('cohort', cohort('udp-request', ip))
    test('loses its answer; the next datagram heals the flow', { tags: ['lab', 'udp'] }, async ({ cohortRun }) => {
      expect(await lossIn(cohortRun)).toMatchObject({
        neededTheClient: true,
        denials: 1,
        healedAfter: expect.any(Number) as number,
      })
    })
  })
})
