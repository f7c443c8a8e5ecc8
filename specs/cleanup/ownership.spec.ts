/**
 * Two protected pods on one node: the map has two entries for a flow between them, one for each owner (upstream #100, #102). A cleanup keeps both
 * entries while the flow lives, and deletes both when it is gone.
 */
import { agentSchema } from '../../helpers/config/agent-spec.ts'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { retentionLimitOf } from '../../helpers/model/retention-limit.ts'
import { controlSchedules, raceSchedule, retentionWithin, type Schedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import type { Testbed } from '../../fixtures/targets/testbed.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { lookBefore } from './entries.ts'
import { testSecondEntry } from './second-entry.ts'

/** A schedule in which the flow is gone until the cleanup has deleted its entries, and is then reused. */
const goneUnder = (agent: string): Schedule => [
  ...retentionWithin(retentionLimitOf(agentSchema.parse(agent))),
  'reuse',
  'reply',
]

const ownersOf = (entries: readonly { readonly ownerIp: string }[]): string[] =>
  entries.map(({ ownerIp }) => ownerIp).toSorted()
const bothPods = ({ clientIp, serverAddress }: Testbed): string[] => [clientIp, serverAddress.ip].toSorted()

describe.for([
  { agent: 'reference:alternating', loses: true },
  { agent: 'reference:consecutive-miss', loses: false },
  { agent: 'reference:last-seen', loses: false },
])('$agent, and the traffic of two protected pods', ({ agent, loses }) => {
  describe('on one node', { tags: ['lab'] }, () => {
    test.override('cohort', {
      ...cohortOf(`two owners under ${agent}`, { agent }),
      datapath: { sameNode: true },
      ...comparedBySpec,
      connections: 1,
    })

    test('both entries of a live flow are kept', async ({ testbed, cohortRun }) => {
      const { seen, aside } = lookBefore('reply', testbed)
      const { verdict } = await cohortRun.watched('model', controlSchedules['no-reuse'], 1, aside)
      expect(verdict).toKeepEveryFlow()
      expect(ownersOf(seen)).toEqual(bothPods(testbed))
    })

    test('both are deleted when it is gone', async ({ testbed, cohortRun }) => {
      const { seen, aside } = lookBefore('reuse', testbed)
      const { verdict } = await cohortRun.watched('model', goneUnder(agent), 1, aside)
      expect(verdict).toKeepEveryFlow()
      expect(seen).toEqual([])
    })

    test(`a reuse after the snapshot ${loses ? 'loses' : 'keeps'} both`, async ({ testbed, cohortRun }) => {
      const { seen, aside } = lookBefore('reply', testbed)
      const { verdict } = await cohortRun.watched('model', raceSchedule('after-snapshot', 0), 1, aside)
      expect(verdict).toMatchObject({ verdict: loses ? 'lost' : 'survived', disagreements: [] })
      expect(ownersOf(seen)).toEqual(loses ? [] : bothPods(testbed))
    })
  })
})

describe.for([vulnerable, fixed])('$agent, and an entry like that of the other pod’s link', ({ agent, go_replace }) => {
  describe('on one node', { tags: ['lab', 'npa'], timeout: 600_000 }, () => {
    test.override('cohort', {
      ...cohortOf(`two owners under ${agent}`, { agent, go_replace }),
      ...comparedBySpec,
      connections: 1,
    })

    testSecondEntry({
      differs: (_own, { serverAddress }) => ({ ownerIp: serverAddress.ip }),
      by: ({ ownerIp }) => ownerIp,
      kept: bothPods,
    })
  })
})
