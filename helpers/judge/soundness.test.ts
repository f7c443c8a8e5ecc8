/** Tests the theorem of README.md: plays runs in a small world, damages their histories at random, and judges them. */
import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { EventType, HistoryEvent } from '../history/event.ts'
import { parseSchedule } from '../schedule/schedule.ts'
import { windows } from '../windows.ts'
import { ns } from '../units.ts'
import { exampleCohort, exampleRun } from './example-attempt.ts'
import { judgeRun } from './judge-run.ts'
import type { Algorithm } from './world/agent.ts'
import { play } from './world/attempt.ts'
import type { Attempt, Fate } from './world/player.ts'
import { observed, type Fault } from './world/observer.ts'

const rarely = fc.integer({ min: 0, max: 19 }).map((value) => value === 7)

const algorithm: fc.Arbitrary<Algorithm> = fc.record({
  dumps: fc.constantFrom(1, 1, 1, 2),
  dumpsAgain: rarely,
  looks: fc.constantFrom(1, 0, 2),
  considers: fc.constantFrom('missing in the first dump', 'missing in the last dump', 'all'),
  isGuarded: fc.boolean(),
  deletes: fc.constantFrom('always', 'always', 'never', 'refused'),
})

const fate: fc.Arbitrary<Fate> = fc.record({
  stays: rarely,
  isNotReused: rarely,
  evicted: fc.oneof(
    { weight: 18, arbitrary: fc.constant('never' as const) },
    { weight: 2, arbitrary: fc.constantFrom('after its reuse', 'before the reply') },
  ),
  isIdleAgain: rarely,
  isRestored: rarely,
  heals: fc.boolean(),
})

const schedules = [
  'open hydrate compare reply',
  'open hydrate expire reuse compare reply',
  'open hydrate expire compare reuse reply',
  'open hydrate expire compare hydrate compare reuse reply',
].map(parseSchedule)

const attempt: fc.Arbitrary<Attempt> = fc.record({
  algorithm,
  schedule: fc.oneof(
    { weight: 9, arbitrary: fc.constant('race' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...schedules) },
  ),
  fates: fc.array(fate, { minLength: 1, maxLength: 2 }),
  missed: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.record({ step: fc.nat({ max: 8 }), isAfter: fc.boolean() }) },
  ),
  reuseAt: fc.nat({ max: 6 }),
})

const types = [
  'attempt.begin',
  'flow.opened',
  'flow.reused',
  'expired',
  'observed',
  'agent.walked',
  'agent.dump-began',
  'agent.snapshot',
  'agent.reread',
  'agent.deleted',
  'agent.held',
  'agent.released',
  'agent.pass',
  'verdict',
  'reply.sent',
  'reply.received',
  'client.observed',
  'precondition.missed',
  'attempt.end',
] satisfies EventType[]

const moments = ['opened', 'expired', 'reused', 'passed', 'replied'] as const

const place = fc.nat({ max: 60 })
const at = fc.nat({ max: 1 })
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ fault: fc.constant('drop'), attempt: at, place }) },
  {
    weight: 4,
    arbitrary: fc.record({
      fault: fc.constant('drop types'),
      attempt: at,
      types: fc.subarray(types, { maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ fault: fc.constant('drop looks'), attempt: at, moment: fc.constantFrom(...moments) }),
  },
  { weight: 1, arbitrary: fc.record({ fault: fc.constant('drop flow'), attempt: at, flow: at }) },
  { weight: 1, arbitrary: fc.record({ fault: fc.constantFrom('duplicate', 'cut'), attempt: at, place }) },
  { weight: 1, arbitrary: fc.record({ fault: fc.constant('move'), attempt: at, place, to: place }) },
)

const run = fc.record({
  window: fc.constantFrom(...windows),
  trigger: fc.constantFrom('exact', 'exact', 'observed'),
  idlePasses: fc.constantFrom(0, 0, 1),
  attempts: fc.array(attempt, { minLength: 1, maxLength: 2 }),
})
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never

const end: HistoryEvent = { type: 'run.end', at: ns(9e12), reason: 'passed', failedTests: [], durationMs: 1 }
/** A run on a cluster, because it needs no positive control. */
const begin: HistoryEvent = { ...exampleRun, environment: { ...exampleRun.environment, target: 'kind' } }

/** Returns what is true of the run, and the judge's verdict on each of several damaged views of it. */
function judged({ window, trigger, idlePasses, attempts }: Run, views: readonly (readonly Fault[])[]) {
  // Plan one attempt, so that one is enough for a verdict.
  const cohort = exampleCohort({ window, trigger, idlePasses, expect: 'survives', iterations: 1 })
  const played = attempts.map((each, index) => play(cohort, each, index + 1))
  const histories = played.map(({ events }) => events)
  return {
    lost: played.some(({ lost }) => lost.length > 0),
    lostInWindow: played.some(({ lostInWindow }) => lostInWindow.length > 0),
    summaries: views.map((faults) =>
      judgeRun({ events: [begin, cohort, ...observed(histories, faults).flat(), end], cutShort: false }),
    ),
  }
}

/** Number of views to judge. Each run gives `viewsOfRun` of them. CI judges 100,000. */
const cases = Number(process.env['NPA_RACE_SOUNDNESS'] ?? 20_000)
const viewsOfRun = 5
const views = fc.array(fc.array(fault, { maxLength: 4 }), { minLength: viewsOfRun, maxLength: viewsOfRun })

test.prop([run, views], { numRuns: cases / viewsOfRun })(
  'a run that lost a flow in its window never passes, and one that lost nothing never fails',
  (made, seen) => {
    const { summaries, lost, lostInWindow } = judged(made, seen)
    const wrong = summaries.filter(
      ({ verdict, because }) =>
        (lostInWindow && verdict === 'pass') ||
        (!lost && verdict === 'fail') ||
        (verdict !== 'pass' && because.length === 0),
    )
    expect(wrong).toEqual([])
  },
  60_000 + cases,
)
