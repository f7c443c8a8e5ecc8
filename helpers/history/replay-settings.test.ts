import { expect, test } from 'vitest'
import { exampleAttempt, exampleCohort, exampleRun } from '../judge/example-attempt.ts'
import { raceSchedule, scheduleText, triggers } from '../schedule/schedule.ts'
import { replaySettings } from './replay-settings.ts'

test.for(triggers)('an attempt at the race, trigger %s, is one again: its exposures are to be proven', (trigger) => {
  const schedule = scheduleText(raceSchedule('after-snapshot', 0, trigger))
  const attempt = exampleAttempt({ lost: true }).map((event) =>
    event.type === 'attempt.begin' ? { ...event, schedule } : event,
  )
  const events = [exampleRun, exampleCohort({ trigger, schedule }), ...attempt]
  const settings = replaySettings({ events, cutShort: false }, '1')
  expect(settings).not.toHaveProperty('RACE_SCHEDULE')
  expect(settings).toMatchObject({ RACE_EXPECT: 'lost', RACE_ITERATIONS: '1' })
})

test('a history may have the earlier name of a field', () => {
  const run = { ...exampleRun, config: { target: 'kind', kind_cluster: 'mine' } }
  const events = [run, exampleCohort({ agent: 'npa:v1.4.1' }), ...exampleAttempt({ lost: true })]
  expect(replaySettings({ events, cutShort: false }, '1')).toMatchObject({ RACE_CLUSTER: 'mine' })
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
