/**
 * Entries in addition to the one that a flow's own link has made: one for its reverse direction, and one for the link of another pod (upstream
 * #175, #584). The spec writes them into the map as a datapath would.
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { controlSchedules, raceSchedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { inSequence, lookBefore, plantBefore } from './entries.ts'

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

    test('an entry for the reverse of a live flow is deleted, and the flow survives', async ({
      testbed,
      cohortRun,
    }) => {
      const reverse = plantBefore('hydrate', testbed, ({ tuple: { protocol, source, destination } }) => ({
        tuple: { protocol, source: destination, destination: source },
      }))
      const { seen, aside } = lookBefore('reply', testbed)
      const { verdict } = await cohortRun.watched('model', controlSchedules['no-reuse'], 1, inSequence(reverse, aside))
      expect(verdict).toKeepEveryFlow()
      expect(seen.map(({ tuple }) => tuple.source.ip)).toEqual([testbed.clientIp])
    })

    test('an entry of another link does not let the reply pass', async ({ testbed, cohortRun }) => {
      // If the fixed agent is held after its re-read, it too deletes the entry that the reply needs.
      const window = agent === 'reference:alternating' || agent === vulnerable.agent ? 'after-snapshot' : 'after-reread'
      const ofOtherLink = plantBefore('expire', testbed, ({ ifindex }) => ({ ifindex: ifindex + 1 }))
      const { seen, aside } = lookBefore('reply', testbed)
      const { verdict } = await cohortRun.watched('model', raceSchedule(window, 0), 1, inSequence(ofOtherLink, aside))
      expect(verdict).toLoseAFlow()
      expect(seen.map(({ ifindex }) => ifindex)).toEqual([testbed.protectedPod.ifindex + 1])
    })
  })
})
