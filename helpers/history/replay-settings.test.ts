import { expect, test } from 'vitest'
import { exampleAttempt, exampleCohort, exampleRun } from '../judge/example-attempt.ts'
import { raceSchedule, scheduleText, triggers } from '../schedule/schedule.ts'
import { UserError } from '../user-error.ts'
import { replaySettings } from './replay-settings.ts'

const clusterRun = { ...exampleRun, config: { target: 'kubeconfig', namespace: 'mine', allow_node_changes: true } }

test.for(triggers)('an attempt at the race, trigger %s, is one again: its exposures are to be proven', (trigger) => {
  const schedule = scheduleText(raceSchedule('after-snapshot', 0, trigger))
  const attempt = exampleAttempt({ lost: true }).map((event) =>
    event.type === 'attempt.begin' ? { ...event, schedule } : event,
  )
  // The lab has the trigger exact only.
  const events =
    trigger === 'exact'
      ? [exampleRun, exampleCohort({ trigger, schedule }), ...attempt]
      : [clusterRun, exampleCohort({ trigger, schedule, agent: 'agent of the cluster' }), ...attempt]
  const settings = replaySettings({ events, cutShort: false }, '1')
  expect(settings).not.toHaveProperty('RACE_SCHEDULE')
  expect(settings).toMatchObject({ RACE_EXPECT: 'lost', RACE_ITERATIONS: '1' })
})

test('a history may have the earlier name of a field', () => {
  const run = { ...exampleRun, config: { target: 'kind', kind_cluster: 'mine' } }
  const events = [run, exampleCohort({ agent: 'npa:v1.4.1' }), ...exampleAttempt({ lost: true })]
  expect(replaySettings({ events, cutShort: false }, '1')).toMatchObject({ RACE_CLUSTER: 'mine' })
})

test('an attempt at the agent of a cluster is made again there', () => {
  const cohort = exampleCohort({ agent: 'agent of the cluster', passes: 'own', connections: 5 })
  const events = [clusterRun, cohort, ...exampleAttempt({ lost: true })]
  const settings = replaySettings({ events, cutShort: false }, '1')
  expect(settings).toMatchObject({ RACE_TARGET: 'kubeconfig', RACE_NAMESPACE: 'mine', RACE_ITERATIONS: '1' })
  expect(settings).not.toHaveProperty('RACE_AGENT')
})

test('an attempt of the control of a cluster is made again in the lab, where it was made', () => {
  const control = exampleCohort({ cohort: 'control', role: 'control' })
  const events = [clusterRun, control, ...exampleAttempt({ cohort: 'control', lost: true })]
  const settings = replaySettings({ events, cutShort: false }, 'control race 1')
  expect(settings).toMatchObject({ RACE_AGENT: 'reference:alternating', RACE_EXPECT: 'lost' })
  expect(settings).not.toHaveProperty('RACE_TARGET')
})

test.for([
  [{ config: { iterations: 'ten' } }, {}, 'its configuration is not one of this version: iterations must be a whole'],
  [{}, { agent: 'reference:lost-seen' }, 'its agent "reference:lost-seen" is not a reference agent; did you mean'],
  [
    { config: { target: 'kubeconfig' } },
    { agent: 'npa:v1.4.3' },
    'such an attempt cannot be made again: RACE_AGENT: agent: ',
  ],
] as const)('what cannot be made again is refused in words: %j %j', ([run, cohort, why]) => {
  const events = [{ ...exampleRun, ...run }, exampleCohort(cohort), ...exampleAttempt({ lost: true })]
  const replay = () => replaySettings({ events, cutShort: false }, '1')
  expect(replay).toThrow(UserError)
  expect(replay).toThrow(why)
})

test('an attempt that is not there is answered with those that are', () => {
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
    `it has no attempt 99; the subject’s attempts are 1 to 2; others go by their whole names: "${name}"`,
  )
})
