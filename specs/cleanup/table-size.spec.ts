/**
 * A map that is too small evicts the entries of live flows, without any cleanup. The smallest map that the agent accepts has 32K entries (upstream
 * #280). Such a loss differs from the race: the agent has not deleted the entry.
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
/** Each time the map needs room it considers only some of its entries. After a few times its size it has considered all. */
const newer = 4 * least

/** The map does not evict the last 128 entries that a processor has made, so an attempt needs more flows than that. */
const flows = 512

/** Adds entries that are newer than the attempt's flows, after the agent has copied the map, so that the agent does not know them. */
const addNewerEntries =
  (testbed: Testbed): Aside =>
  async (next) => {
    if (next === 'compare')
      await disturbancesOf(testbed).request('addIdleFlows', { entries: newer, stale: true }, { deadline: ms(30_000) })
  }

const reference = { agent: 'reference:last-seen', go_replace: [], tags: ['lab'] as const }
const real = { ...fixed, tags: ['lab', 'npa'] as const }

describe.for([
  { ...reference, tableSize: least, room: 'fewer entries than there are', loses: true },
  { ...reference, tableSize: 8 * least, room: 'all entries', loses: false },
  { ...real, tableSize: least, room: 'fewer entries than there are', loses: true },
])('$agent, a table of $tableSize', ({ agent, go_replace, tags, tableSize, room, loses }) => {
  describe(`with room for ${room}`, { tags: [...tags], timeout: 600_000 }, () => {
    test.override('cohort', {
      ...cohortOf(`${agent} with a table of ${tableSize}`, { agent, go_replace }),
      datapath: { tableSize },
      ...comparedBySpec,
      connections: flows,
    })

    test(loses ? 'loses live flows to newer ones' : 'keeps all live flows', async ({ testbed, cohortRun }) => {
      const { verdict, events } = await cohortRun.watched(
        'model',
        controlSchedules['no-reuse'],
        flows,
        addNewerEntries(testbed),
      )
      expect(verdict).toMatchObject({ verdict: loses ? 'lost' : 'survived', exposures: flows, disagreements: [] })
      expect(events.filter(({ type }) => type === 'agent.deleted')).toEqual([])
    })
  })
})
