/**
 * An entry that is made after the agent's snapshot, for a 5-tuple that the map did not have before (upstream #246, #256). The first releases walk the
 * map after the dump, so they delete this entry. Later releases walk it in the pass before, so they do not know the entry.
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { parseSchedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { disturbancesOf } from './entries.ts'
import { subjects } from './subjects.ts'

/** The cleanups to try. A guard makes no difference here, and consecutive-miss deletes nothing in the first compare pass. */
const shown = new Set(['reference:immediate', 'reference:alternating', vulnerable.agent, fixed.agent])

describe.for(subjects.filter(({ agent }) => shown.has(agent)))('$agent', ({ agent, go_replace, cleanup, tags }) => {
  describe('a flow that begins after the snapshot', { tags, timeout: 600_000 }, () => {
    test.override('cohort', {
      ...cohortOf(`younger than the snapshot of ${agent}`, { agent, go_replace: [...go_replace] }),
      ...comparedBySpec,
      connections: 1,
    })
    const loses = cleanup.algorithm === 'immediate'

    test(loses ? 'is lost' : 'survives', async ({ testbed, cohortRun }) => {
      // One live entry is needed, because an agent with an empty map does not dump conntrack.
      await disturbancesOf(testbed).request('addIdleFlows', { entries: 1 })
      const schedule = parseSchedule('open hydrate expire compare hydrate hold:after-snapshot reuse release reply')
      const { verdict, events } = await cohortRun.watched('model', schedule)
      expect(verdict).toMatchObject({ verdict: loses ? 'lost' : 'survived', exposures: 1, disagreements: [] })
      const before = events.find((event) => event.type === 'observed' && event.moment === 'passed')
      expect(before).toMatchObject({ kernel: { present: [] }, map: { present: [] } })
    })
  })
})
