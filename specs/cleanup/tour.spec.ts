/**
 * Every step in every state that the model can be in: a few long schedules take them all, and the kernel agrees at each look. Nothing that
 * the model can say is left to chance.
 */
import type { TestTags } from 'vitest'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { protocolOf, type FlowKind } from '../../helpers/flow.ts'
import { modelOf } from '../../helpers/model/matrix.ts'
import { runInModel } from '../../helpers/model/run.ts'
import { tour } from '../../helpers/model/tour.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { disagreement } from './disagreement.ts'
import { looksIn } from './looks.ts'
import { shownAttempt } from './shown-attempt.ts'
import { subjects } from './subjects.ts'

/** About 10 ms each. */
const stepsOfASchedule = 30

/** The model makes no difference between the real agents and their algorithms: one kind of flow will do. */
const flowsOf = (tags: readonly string[]): readonly FlowKind[] =>
  tags.includes('npa') ? ['tcp-server-first'] : ['tcp-server-first', 'udp-request']

for (const { agent, go_replace, cleanup, tags } of subjects) {
  for (const flow of flowsOf(tags)) {
    const transport: TestTags['tags'] = protocolOf(flow)
    describe(`${agent} · ${flow}`, { tags: [...tags, transport], timeout: 600_000 }, () => {
      const plan = cohortOf(`tour of ${agent} ${flow}`, { agent, flow, go_replace: [...go_replace] })
      test.override('cohort', { ...plan, ...comparedBySpec, connections: 1 })
      const model = modelOf(cleanup, transport)

      test.for(tour(model, stepsOfASchedule).map((schedule, index) => ({ schedule, number: index + 1 })))(
        'the tour of its states, part $number',
        async ({ schedule }, { cohortRun }) => {
          const predicted = runInModel(model, schedule)
          const { verdict, events } = await shownAttempt(cohortRun, schedule)
          const message = disagreement(model, schedule, { agent, flow, go_replace })
          const lost = predicted.kind === 'ran' && predicted.lost
          expect(verdict, message).toMatchObject({ verdict: lost ? 'lost' : 'survived', exposures: 1 })
          expect(looksIn(events), message).toEqual(predicted.kind === 'ran' ? predicted.looks : [])
        },
      )
    })
  }
}
