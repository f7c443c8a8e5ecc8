/**
 * The opposite error: a cleanup that keeps stale entries too long. The agent under test, or every known one, has deleted them within the
 * compare passes that it promises, and a known one not before.
 */
import type { TestTags } from 'vitest'
import { agentName, agentSchema } from '../../helpers/config/agent-spec.ts'
import { cohortOf, cohortsOf, type CohortPlan, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { retentionLimitOf } from '../../helpers/model/retention-limit.ts'
import { retentionWithin } from '../../helpers/schedule/schedule.ts'
import { counted } from '../../helpers/text.ts'
import { config, describe, expect, test } from '../../fixtures/test.ts'
import { leftAfterPasses } from './looks.ts'
import { subjects } from './subjects.ts'

const flows = 5

interface Promised {
  readonly plan: CohortPlan
  readonly passes: number
  readonly tags: TestTags['tags'][]
}

/** Of an agent that is known, the model's figure is kept to the pass; of another, it is the most. */
const known: readonly Promised[] = subjects.map(({ agent, go_replace, cleanup, tags }) => ({
  plan: cohortOf(`retention of ${agent}`, { agent, go_replace: [...go_replace] }),
  passes: retentionLimitOf(agentSchema.parse(`reference:${cleanup.algorithm}`)),
  tags,
}))

const named = cohortsOf(config).filter(({ role }) => config.agent && role === 'subject')
const ofUser: readonly Promised[] = named.map((plan) => ({
  plan,
  passes: config.retention_passes ?? retentionLimitOf(plan.agent),
  tags: ['lab'],
}))

const toThePass = (passes: number): number[] => [...Array.from({ length: passes - 1 }, () => flows), 0]

/** All but the first releases take their copy in a pass before. */
const copiesFirst = ({ agent }: CohortPlan): boolean =>
  agent.kind === 'npa' || agentName(agent) !== 'reference:immediate'

for (const { plan, passes, tags } of config.agent ? ofUser : known) {
  const promise = counted(passes, 'compare pass', 'compare passes')
  describe(`${agentName(plan.agent)} promises ${promise}`, { tags, timeout: 600_000 }, () => {
    test.override('cohort', { ...plan, ...comparedBySpec })

    test('its stale entries are gone by then', async ({ cohortRun }) => {
      const { verdict, events } = await cohortRun.watched('retention', retentionWithin(passes), flows)
      expect(verdict).toDeleteStaleEntries()
      expect(verdict).toMatchObject({ retention: { stale: flows, kept: 0 }, disagreements: [] })
      if (!config.agent) expect(leftAfterPasses(events)).toEqual(toThePass(passes))
    })

    // Half a period between a hydrate and its compare, and then the promise: 2.5 periods for consecutive-miss, which promises 2.
    test.runIf(!config.agent && copiesFirst(plan))(
      'entries that are younger than its copy of the map wait for one pass more',
      async ({ cohortRun }) => {
        await cohortRun.attempt('no-reuse', ['open', 'hydrate', 'reply'], flows)
        const { verdict, events } = await cohortRun.watched(
          'retention',
          retentionWithin(passes + 1).filter((_, index) => index !== 1),
          flows,
        )
        expect(verdict).toDeleteStaleEntries()
        expect(leftAfterPasses(events)).toEqual(toThePass(passes + 1))
      },
    )
  })
}
