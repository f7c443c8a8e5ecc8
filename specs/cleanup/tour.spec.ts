/**
 * Takes every step in every state that the model can reach, in a few long schedules, and checks that kernel and model agree after each step. Unlike
 * random schedules, this covers the model completely.
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
import { validAttempt } from './valid-attempt.ts'
import { subjects } from './subjects.ts'

/** A step takes about 10 ms. */
const stepsOfASchedule = 30

/** The real agents are tried with one kind of flow only, because in the model they equal their algorithms. */
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
        'kernel and model agree in every state, part $number',
        async ({ schedule }, { cohortRun }) => {
          const predicted = runInModel(model, schedule)
          const { verdict, events } = await validAttempt(cohortRun, schedule)
          const message = disagreement(model, schedule, { agent, flow, go_replace })
          const lost = predicted.kind === 'ran' && predicted.lost
          expect(verdict, message).toMatchObject({ verdict: lost ? 'lost' : 'survived', exposures: 1 })
          expect(looksIn(events), message).toEqual(predicted.kind === 'ran' ? predicted.looks : [])
        },
      )
    })
  }
}
