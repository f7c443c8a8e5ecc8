/**
 * Entries beside the one that a flow's own link has made: of its reverse direction, and of a link that is none of its pod's (upstream #175,
 * #584). They are written into the map as a datapath would.
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { controlSchedules, raceSchedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { both, lookBefore, plantBefore } from './entries.ts'

describe.for([
  { agent: 'reference:alternating', go_replace: [], tags: ['lab'] as const },
  { agent: 'reference:last-seen', go_replace: [], tags: ['lab'] as const },
  { ...vulnerable, tags: ['lab', 'npa'] as const },
  { ...fixed, tags: ['lab', 'npa'] as const },
])('$agent', ({ agent, go_replace, tags }) => {
  describe('foreign entries', { tags: [...tags], timeout: 600_000 }, () => {
    test.override('cohort', {
      ...cohortOf(`foreign entries under ${agent}`, { agent, go_replace }),
      ...comparedBySpec,
      connections: 1,
    })

    test('the entry of a live flow’s reverse is deleted, and the flow goes on', async ({ testbed, cohortRun }) => {
      const reverse = plantBefore('hydrate', testbed, ({ tuple: { protocol, source, destination } }) => ({
        tuple: { protocol, source: destination, destination: source },
      }))
      const { seen, aside } = lookBefore('reply', testbed)
      const { verdict } = await cohortRun.watched('model', controlSchedules['no-reuse'], 1, both(reverse, aside))
      expect(verdict).toKeepEveryFlow()
      expect(seen.map(({ tuple }) => tuple.source.ip)).toEqual([testbed.clientIp])
    })

    test('an entry of another link admits nothing', async ({ testbed, cohortRun }) => {
      // Held after its re-read, also the fixed agent deletes what the reply needs.
      const window = agent === 'reference:alternating' || agent === vulnerable.agent ? 'after-snapshot' : 'after-reread'
      const ofOtherLink = plantBefore('expire', testbed, ({ ifindex }) => ({ ifindex: ifindex + 1 }))
      const { seen, aside } = lookBefore('reply', testbed)
      const { verdict } = await cohortRun.watched('model', raceSchedule(window, 0), 1, both(ofOtherLink, aside))
      expect(verdict).toLoseAFlow()
      expect(seen.map(({ ifindex }) => ifindex)).toEqual([testbed.protectedPod.ifindex + 1])
    })
  })
})
