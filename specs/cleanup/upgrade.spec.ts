/**
 * The next agent on the map of the one before. The value has grown from 1 to 16 bytes with the stamps of upstream #610: where an upgrade
 * was interrupted, the fixed agent takes over a map and a datapath that stamp nothing (review of #610; upgrades are tested by #566). Its
 * guard then keeps nothing, and the race is back.
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
])('$from.agent, and then $to.agent on the same map', ({ from, to, tags }) => {
  describe('without its datapath', { tags: [...tags], timeout: 600_000 }, () => {
    test.override('cohort', {
      ...cohortOf(`${from.agent} upgraded to ${to.agent}`, from),
      ...comparedBySpec,
      connections: 5,
    })

    test('looks again at what it deletes, and loses what is reused after its snapshot', async ({
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
