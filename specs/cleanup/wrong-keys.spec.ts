/**
 * Cleanups that get a key wrong. One that looks its entries up in the kernel's table by a wrong key deletes live ones (upstream #144, #158);
 * one that deletes by a wrong key deletes none (#131, #133). Neither needs a race, and both are seen for what they are.
 */
import { cohortOf } from '../../helpers/config/cohorts.ts'
import { cleanupOf, modelOf } from '../../helpers/model/matrix.ts'
import { runInModel } from '../../helpers/model/run.ts'
import { controlSchedules, parseSchedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { looksIn } from './looks.ts'

for (const ip of [4, 6] as const) {
  const tags = ip === 6 ? (['lab', 'ipv6'] as const) : (['lab'] as const)
  const cohort = (agent: string) => ({
    ...cohortOf(`wrong keys of ${agent} IPv${ip}`, { agent, ip }),
    iterations: 0,
    connections: 1,
  })

  describe(`looking up by a wrong key, IPv${ip}`, { tags: [...tags] }, () => {
    test.override('cohort', cohort('reference:deletes-live'))

    test('a flow that was in the kernel’s table all the time is lost', async ({ cohortRun }) => {
      const schedule = controlSchedules['no-reuse']
      const { verdict, events } = await cohortRun.watched('model', schedule)
      expect(verdict).toLoseAFlow()
      expect(runInModel(modelOf(cleanupOf('deletes-live')), schedule)).toEqual({
        kind: 'ran',
        lost: true,
        looks: looksIn(events),
      })
    })
  })

  describe(`deleting by a wrong key, IPv${ip}`, { tags: [...tags] }, () => {
    test.override('cohort', cohort('reference:short-key'))

    test('the agent takes the stale entry for deleted, and it is there', async ({ cohortRun }) => {
      const schedule = parseSchedule('open hydrate expire compare hydrate compare reuse reply')
      const { verdict, events } = await cohortRun.watched('model', schedule)
      expect(verdict).toKeepEveryFlow()
      expect(runInModel(modelOf(cleanupOf('short-key')), schedule)).toEqual({
        kind: 'ran',
        lost: false,
        looks: looksIn(events),
      })
      const reported = events.flatMap((event) => (event.type === 'agent.pass' ? [event.report?.['deleted']] : []))
      expect(reported.filter((deleted) => deleted === 1)).toHaveLength(2)
    })
  })
}
