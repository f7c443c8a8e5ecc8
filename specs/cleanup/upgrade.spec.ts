/**
 * An upgrade: the next agent works on the map of the one before. Upstream #610 added time stamps to the values, which grew from 1 to 16 bytes. If an
 * upgrade is interrupted, the fixed agent takes over a map and a datapath without stamps (review of #610; #566 tests upgrades). Its guard then
 * protects nothing, and the race is back.
 */
import { agentSchema } from '../../helpers/config/agent-spec.ts'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { controlSchedules, raceSchedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { needed } from '../../fixtures/targets/testbed.ts'
import { fixed, vulnerable } from '../npa-releases.ts'

describe.for([
  {
    from: { agent: 'reference:alternating', go_replace: [] },
    to: { agent: 'reference:last-seen', go_replace: [] },
    tags: ['lab'] as const,
  },
  { from: vulnerable, to: fixed, tags: ['lab', 'npa'] as const },
])('$from.agent is replaced by $to.agent on the same map', ({ from, to, tags }) => {
  describe('without the datapath of the new agent', { tags: [...tags], timeout: 600_000 }, () => {
    test.override('cohort', {
      ...cohortOf(`${from.agent} upgraded to ${to.agent}`, from),
      ...comparedBySpec,
      connections: 5,
    })

    test('the new agent looks at an entry again before it deletes it, and still loses flows that are reused after its snapshot', async ({
      testbed,
      cohortRun,
    }) => {
      await needed(testbed, 'restartAgent')({ agent: agentSchema.parse(to.agent), goReplace: to.go_replace })
      const kept = await cohortRun.attempt('model', controlSchedules['no-reuse'])
      expect(kept).toKeepEveryFlow()
      const { verdict, events } = await cohortRun.watched('model', raceSchedule('after-snapshot', 0))
      expect(verdict).toMatchObject({ verdict: 'lost', lost: 5, exposures: 5, disagreements: [] })
      const held = events.find(({ type }) => type === 'agent.held')?.at ?? Infinity
      expect(events.filter(({ type, at }) => type === 'agent.reread' && at > held)).toHaveLength(5)
    })
  })
})
