import { expect, test } from 'vitest'
import { exampleAttempt, exampleCohort, exampleRun } from '../judge/example-attempt.ts'
import { raceSchedule, scheduleText, triggers } from '../schedule/schedule.ts'
import { UserError } from '../user-error.ts'
import { replaySettings } from './replay-settings.ts'

const clusterRun = { ...exampleRun, config: { target: 'kubeconfig', namespace: 'mine', allow_node_changes: true } }

test.for(triggers)(
  'an attempt at the race with trigger %s is repeated as a race, whose exposures must be proven',
  (trigger) => {
    const schedule = scheduleText(raceSchedule('after-snapshot', 0, trigger))
    const attempt = exampleAttempt({ lost: true }).map((event) =>
      event.type === 'attempt.begin' ? { ...event, schedule } : event,
    )
    // The lab has only the trigger exact.
    const events =
      trigger === 'exact'
        ? [exampleRun, exampleCohort({ trigger, schedule }), ...attempt]
        : [clusterRun, exampleCohort({ trigger, schedule, agent: 'agent of the cluster' }), ...attempt]
    const settings = replaySettings({ events, cutShort: false }, '1')
    expect(settings).not.toHaveProperty('RACE_SCHEDULE')
    expect(settings).toMatchObject({ RACE_EXPECT: 'lost', RACE_ITERATIONS: '1' })
  },
)

test('a history may use the old name of a field', () => {
  const run = { ...exampleRun, config: { target: 'kind', kind_cluster: 'mine' } }
  const events = [run, exampleCohort({ agent: 'npa:v1.4.1' }), ...exampleAttempt({ lost: true })]
  expect(replaySettings({ events, cutShort: false }, '1')).toMatchObject({ RACE_CLUSTER: 'mine' })
})

test('an attempt with the agent of a cluster is repeated in the cluster', () => {
  const cohort = exampleCohort({ agent: 'agent of the cluster', passes: 'own', connections: 5 })
  const events = [clusterRun, cohort, ...exampleAttempt({ lost: true })]
  const settings = replaySettings({ events, cutShort: false }, '1')
  expect(settings).toMatchObject({ RACE_TARGET: 'kubeconfig', RACE_NAMESPACE: 'mine', RACE_ITERATIONS: '1' })
  expect(settings).not.toHaveProperty('RACE_AGENT')
})

test('an attempt of the control is repeated in the lab, even if the run was on a cluster', () => {
  const control = exampleCohort({ cohort: 'control', role: 'control' })
  const events = [clusterRun, control, ...exampleAttempt({ cohort: 'control', lost: true })]
  const settings = replaySettings({ events, cutShort: false }, 'control race 1')
  expect(settings).toMatchObject({ RACE_AGENT: 'reference:alternating', RACE_EXPECT: 'lost' })
  expect(settings).not.toHaveProperty('RACE_TARGET')
})

test.for([
  [
    { config: { iterations: 'ten' } },
    {},
    'this version of npa-race cannot use the configuration in the history: iterations must be a whole',
  ],
  [
    {},
    { agent: 'reference:lost-seen' },
    'the agent of the attempt, "reference:lost-seen", is not a reference agent; did you mean',
  ],
  [
    { config: { target: 'kubeconfig' } },
    { agent: 'npa:v1.4.3' },
    'this attempt cannot be repeated: RACE_AGENT: agent: ',
  ],
] as const)('an attempt that cannot be repeated is refused with the reason: %j %j', ([run, cohort, why]) => {
  const events = [{ ...exampleRun, ...run }, exampleCohort(cohort), ...exampleAttempt({ lost: true })]
  const replay = () => replaySettings({ events, cutShort: false }, '1')
  expect(replay).toThrow(UserError)
  expect(replay).toThrow(why)
})

test('the error for an unknown attempt lists the attempts of the history', () => {
  const control = exampleAttempt({ lost: true }).map((event) =>
    event.type === 'attempt.begin' ? { ...event, purpose: 'no-reuse' as const } : event,
  )
  const name = control[0]?.attempt
  const events = [
    exampleRun,
    exampleCohort(),
    ...exampleAttempt({ lost: true, number: 1 }),
    ...exampleAttempt({ lost: true, number: 2 }),
    ...control,
  ]
  expect(() => replaySettings({ events, cutShort: false }, '99')).toThrow(
    `the history has no attempt 99; the subject’s attempts are 1 to 2; name any other attempt in full: "${name}"`,
  )
})
