/**
 * A map that is too small evicts the entries of live flows by itself, and no cleanup has a part in it: the smallest table that the agent
 * takes has 32K entries (upstream #280). To be told from a race: nobody has deleted the entry.
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { controlSchedules } from '../../helpers/schedule/schedule.ts'
import type { Aside } from '../../fixtures/attempt/attempt.ts'
import { ms } from '../../helpers/units.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import type { Testbed } from '../../fixtures/targets/testbed.ts'
import { fixed } from '../npa-releases.ts'
import { disturbancesOf } from './entries.ts'

const least = 32_768
/** The map looks only at some entries each time that it needs room: it comes round to all within a few times its size. */
const newer = 4 * least

/** The map leaves the last 128 entries that a processor has made to that processor: more than those are needed. */
const flows = 512

/** Newer flows than the attempt's come, after the agent has copied the map: it knows none of them. */
const crowd =
  (testbed: Testbed): Aside =>
  async (next) => {
    if (next === 'compare')
      await disturbancesOf(testbed).request('addIdleFlows', { entries: newer, stale: true }, { deadline: ms(30_000) })
  }

const reference = { agent: 'reference:last-seen', go_replace: [], tags: ['lab'] as const }
const real = { ...fixed, tags: ['lab', 'npa'] as const }

describe.for([
  { ...reference, tableSize: least, room: 'less than all', loses: true },
  { ...reference, tableSize: 8 * least, room: 'all', loses: false },
  { ...real, tableSize: least, room: 'less than all', loses: true },
])('$agent, a table of $tableSize', ({ agent, go_replace, tags, tableSize, room, loses }) => {
  describe(`with room for ${room}`, { tags: [...tags], timeout: 600_000 }, () => {
    test.override('cohort', {
      ...cohortOf(`${agent} with a table of ${tableSize}`, { agent, go_replace }),
      datapath: { tableSize },
      ...comparedBySpec,
      connections: flows,
    })

    test(loses ? 'loses live flows to newer ones' : 'keeps them all', async ({ testbed, cohortRun }) => {
      const { verdict, events } = await cohortRun.watched('model', controlSchedules['no-reuse'], flows, crowd(testbed))
      expect(verdict).toMatchObject({ verdict: loses ? 'lost' : 'survived', exposures: flows, disagreements: [] })
      expect(events.filter(({ type }) => type === 'agent.deleted')).toEqual([])
    })
  })
})
