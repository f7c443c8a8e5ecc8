/**
 * Race specs of your own project, which uses npa-race as a package. They judge the agent that `race.config.yaml` or RACE_AGENT names; without either,
 * it is the cleanup of the released fix.
 */
import { cohorts, describe, expect, raceSchedule, test } from 'npa-race/test'

/** The flow is reused between the agent's dump of conntrack and its deletes. No pass runs while the flow is idle. */
const race = raceSchedule('after-snapshot', 0)

test('my agent keeps a TCP flow that is reused after its snapshot', async ({ cohortRun }) => {
  expect(await cohortRun.attempt('race', race)).toKeepEveryFlow()
})

for (const cohort of cohorts)
  if (cohort.role === 'subject')
    describe('over UDP', () => {
      test.override('cohort', { ...cohort, id: 'my agent over UDP', flow: 'udp-request' })

      test('my agent keeps a UDP flow, too', async ({ cohortRun }) => {
        expect(await cohortRun.attempt('race', race)).toKeepEveryFlow()
      })
    })
  else
    describe('control', () => {
      test.override('cohort', cohort)

      // Without this, the tests above would also pass on a machine that cannot make the race happen.
      test('a cleanup that is known to be bad loses the flow', async ({ cohortRun }) => {
        expect(await cohortRun.attempt('race', race)).toLoseAFlow()
      })
    })
