/**
 * Cleanups that use a wrong key. One that looks flows up in conntrack by a wrong key deletes live entries (upstream #144, #158). One that deletes by a
 * wrong key deletes nothing (#131, #133). Neither needs a race, and the suite reports both correctly.
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { cleanupOf, modelOf } from '../../helpers/model/matrix.ts'
import { runInModel } from '../../helpers/model/run.ts'
import { controlSchedules, parseSchedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { looksIn } from './looks.ts'

for (const ip of [4, 6] as const) {
  const tags = ip === 6 ? (['lab', 'ipv6'] as const) : (['lab'] as const)
  const cohort = (agent: string) => ({
    ...cohortOf(`wrong keys of ${agent} IPv${ip}`, { agent, ip }),
    ...comparedBySpec,
    connections: 1,
  })

  describe(`looking up by a wrong key, IPv${ip}`, { tags: [...tags] }, () => {
    test.override('cohort', cohort('reference:deletes-live'))

    test('loses a flow that was in conntrack all the time', async ({ cohortRun }) => {
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

    test('the agent reports the stale entry as deleted, but the entry stays', async ({ cohortRun }) => {
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
