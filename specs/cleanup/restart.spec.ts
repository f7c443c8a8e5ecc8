/** The agent restarts on the same map: live flows survive, and entries that became stale in the meantime are still deleted. */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { fixed, vulnerable } from '../npa-releases.ts'

const flows = 10

describe.for([
  { agent: 'reference:alternating', go_replace: [], tags: ['lab'] as const },
  { agent: 'reference:last-seen', go_replace: [], tags: ['lab'] as const },
  { ...vulnerable, tags: ['lab', 'npa'] as const },
  { ...fixed, tags: ['lab', 'npa'] as const },
])('$agent restarts', ({ agent, go_replace, tags }) => {
  describe('on the same map', { tags: [...tags], timeout: 1_200_000 }, () => {
    const plan = cohortOf(`${agent} restarts`, { agent, go_replace })
    test.override('cohort', { ...plan, ...comparedBySpec })

    test('a live flow survives', async ({ cohortRun }) => {
      const verdict = await cohortRun.attempt('no-reuse', ['open', 'restart', 'hydrate', 'compare', 'reply'], flows)
      expect(verdict).toMatchObject({ verdict: 'survived', exposures: flows, disagreements: [] })
    })

    test('a flow that is in use during the restart survives', async ({ cohortRun }) => {
      const verdict = await cohortRun.attempt('no-reuse', ['open', 'hydrate', 'restart', 'reply'], flows)
      expect(verdict).toMatchObject({ verdict: 'survived', exposures: flows, disagreements: [] })
    })

    test('an entry from before the restart is deleted when its flow is gone', async ({ cohortRun }) => {
      const verdict = await cohortRun.attempt('retention', ['open', 'restart', 'expire', 'hydrate', 'compare'], flows)
      expect(verdict).toDeleteStaleEntries()
      expect(verdict).toMatchObject({ retention: { stale: flows, kept: 0 }, disagreements: [] })
    })
  })
})
