/** The agent restarts on the same map: what was allowed stays allowed, and what went stale meanwhile is still cleaned up. */
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

    test('a live flow goes on', async ({ cohortRun }) => {
      const verdict = await cohortRun.attempt('no-reuse', ['open', 'restart', 'hydrate', 'compare', 'reply'], flows)
      expect(verdict).toMatchObject({ verdict: 'survived', exposures: flows, disagreements: [] })
    })

    test('a flow that was in use during the restart goes on', async ({ cohortRun }) => {
      const verdict = await cohortRun.attempt('no-reuse', ['open', 'hydrate', 'restart', 'reply'], flows)
      expect(verdict).toMatchObject({ verdict: 'survived', exposures: flows, disagreements: [] })
    })

    test('an entry from before is deleted when its flow is gone', async ({ cohortRun }) => {
      const verdict = await cohortRun.attempt('retention', ['open', 'restart', 'expire', 'hydrate', 'compare'], flows)
      expect(verdict).toDeleteStaleEntries()
      expect(verdict).toMatchObject({ retention: { stale: flows, kept: 0 }, disagreements: [] })
    })
  })
})
