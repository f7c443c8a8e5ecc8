/**
 * An upgrade: the next agent takes the place of the one before. Upstream #610 added time stamps to the values, which grew from 1 to 16 bytes. An
 * agent that finds other eBPF objects than its own on the node makes new maps. But it copies its objects there before that: if it is interrupted in
 * between, its next start takes over a map and a datapath without stamps (review of #610; #566 tests upgrades). Its guard then protects nothing,
 * and the race is back.
 */
import { agentSchema } from '../../helpers/config/agent-spec.ts'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { controlSchedules, raceSchedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { needed } from '../../fixtures/targets/testbed.ts'
import { fixed, vulnerable } from '../npa-releases.ts'

const flows = 5
const upgradeOf = (how: 'clean' | 'interrupted', from: { agent: string; go_replace: string[] }, to: string) => ({
  ...cohortOf(`${from.agent} upgraded to ${to}, ${how}`, from),
  ...comparedBySpec,
  connections: flows,
})

describe.for([
  {
    from: { agent: 'reference:alternating', go_replace: [] },
    to: { agent: 'reference:last-seen', go_replace: [] },
    tags: ['lab'] as const,
  },
  { from: vulnerable, to: fixed, tags: ['lab', 'npa'] as const },
])('$from.agent is replaced by $to.agent on the same map', ({ from, to, tags }) => {
  describe('without the datapath of the new agent', { tags: [...tags], timeout: 600_000 }, () => {
    test.override('cohort', upgradeOf('interrupted', from, to.agent))

    test('the new agent looks at an entry again before it deletes it, and still loses flows that are reused after its snapshot', async ({
      testbed,
      cohortRun,
    }) => {
      const next = { agent: agentSchema.parse(to.agent), goReplace: to.go_replace, afterInterruptedStart: true }
      await needed(testbed, 'restartAgent')(next)
      const kept = await cohortRun.attempt('model', controlSchedules['no-reuse'])
      expect(kept).toKeepEveryFlow()
      const { verdict, events } = await cohortRun.watched('model', raceSchedule('after-snapshot', 0))
      expect(verdict).toMatchObject({ verdict: 'lost', lost: flows, exposures: flows, disagreements: [] })
      const held = events.find(({ type }) => type === 'agent.held')?.at ?? Infinity
      expect(events.filter(({ type, at }) => type === 'agent.reread' && at > held)).toHaveLength(flows)
      if (from === vulnerable)
        expect(testbed.identity).toMatchObject({
          mapLayout: '24/1',
          ownMapLayout: '24/16',
          build: { version: 'v1.4.3' },
        })
    })
  })
})

describe(`${vulnerable.agent} is upgraded to ${fixed.agent}`, { tags: ['lab', 'npa'], timeout: 600_000 }, () => {
  test.override('cohort', upgradeOf('clean', vulnerable, fixed.agent))
  const next = { agent: agentSchema.parse(fixed.agent), goReplace: fixed.go_replace }

  test('the new agent makes new maps and programs, and keeps flows that are reused after its snapshot', async ({
    testbed,
    cohortRun,
  }) => {
    const before = await cohortRun.attempt('model', raceSchedule('after-snapshot', 0))
    expect(before).toMatchObject({ verdict: 'lost', lost: flows, disagreements: [] })
    await needed(testbed, 'restartAgent')(next)
    expect(testbed.identity).toMatchObject({ mapLayout: '24/16', ownMapLayout: '24/16', build: { version: 'v1.4.3' } })
    const after = await cohortRun.attempt('model', raceSchedule('after-snapshot', 0))
    expect(after).toMatchObject({ verdict: 'survived', exposures: flows, disagreements: [] })
    const reread = await cohortRun.attempt('model', raceSchedule('after-reread', 0))
    expect(reread).toMatchObject({ verdict: 'lost', lost: flows, disagreements: [] })
    const stale = await cohortRun.attempt('retention', ['open', 'expire', 'hydrate', 'compare'])
    expect(stale).toDeleteStaleEntries()
  })
})
