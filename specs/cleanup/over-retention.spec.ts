/**
 * The opposite error: a cleanup that keeps stale entries too long. The agent under test must delete them within the number of compare passes that it
 * promises. Without an agent in the configuration, every known cleanup is tried, and must delete them in exactly the pass that the model says.
 */
import type { TestTags } from 'vitest'
import { referenceAgents } from '../../helpers/agents/reference.ts'
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

/** The known cleanups, whose number of passes comes from the model. */
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

/** @returns the number of entries after each pass, if all are deleted in the last one */
const leftAfterEach = (passes: number): number[] => [...Array.from({ length: passes - 1 }, () => flows), 0]

/** Whether the agent copies the map in a pass before the compare pass, as all but the first releases do. */
const copiesFirst = ({ agent }: CohortPlan): boolean =>
  agent.kind !== 'reference' || referenceAgents[agent.algorithm].rules.phases === 'two'

for (const { plan, passes, tags } of config.agent ? ofUser : known) {
  const promise = counted(passes, 'compare pass', 'compare passes')
  describe(`${agentName(plan.agent)} promises ${promise}`, { tags, timeout: 600_000 }, () => {
    test.override('cohort', { ...plan, ...comparedBySpec })

    test('deletes its stale entries within them', async ({ cohortRun }) => {
      const { verdict, events } = await cohortRun.watched('retention', retentionWithin(passes), flows)
      expect(verdict).toDeleteStaleEntries()
      expect(verdict).toMatchObject({ retention: { stale: flows, kept: 0 }, disagreements: [] })
      if (!config.agent) expect(leftAfterPasses(events)).toEqual(leftAfterEach(passes))
    })

    // Half a period passes between a hydrate pass and its compare pass. So consecutive-miss, which promises 2 periods, takes up to 2.5.
    test.runIf(!config.agent && copiesFirst(plan))(
      'deletes entries that are newer than its copy of the map one pass later',
      async ({ cohortRun }) => {
        await cohortRun.attempt('no-reuse', ['open', 'hydrate', 'reply'], flows)
        const { verdict, events } = await cohortRun.watched(
          'retention',
          retentionWithin(passes + 1).filter((_, index) => index !== 1),
          flows,
        )
        expect(verdict).toDeleteStaleEntries()
        expect(leftAfterPasses(events)).toEqual(leftAfterEach(passes + 1))
      },
    )
  })
}
