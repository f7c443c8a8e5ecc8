/** Random schedules: the kernel agrees with the model at each look, and about the reply. */
import { fc } from '@fast-check/vitest'
import { cohortOf } from '../../helpers/config/cohorts.ts'
import { protocolOf } from '../../helpers/flow.ts'
import { cleanups, modelOf } from '../../helpers/model/matrix.ts'
import { picture } from '../../helpers/model/picture.ts'
import { runInModel } from '../../helpers/model/run.ts'
import { walk } from '../../helpers/model/walk.ts'
import { scheduleText } from '../../helpers/schedule/schedule.ts'
import { config, describe, expect, test } from '../../fixtures/test.ts'
import { looksIn } from './looks.ts'
import { shownAttempt } from './shown-attempt.ts'

/** An attempt of ten steps takes about 50 ms. */
const runs = 25
const mostSteps = 12

describe.for(
  cleanups.flatMap((cleanup) =>
    (['tcp-server-first', 'udp-request'] as const).map((flow) => ({ ...cleanup, cleanup, flow })),
  ),
)('$algorithm · $flow', ({ cleanup, algorithm, flow }) => {
  describe('any schedule', { tags: ['lab', flow === 'udp-request' ? 'udp' : 'tcp'], timeout: 120_000 }, () => {
    const agent = `reference:${algorithm}`
    const plan = cohortOf(`any schedule ${agent} ${flow}`, { agent, flow })
    test.override('cohort', { ...plan, iterations: 0, connections: 1 })

    test('comes out as the model says', async ({ cohortRun, signal }) => {
      const model = modelOf(cleanup, protocolOf(flow))
      const property = fc.asyncProperty(fc.array(fc.nat(), { maxLength: mostSteps }), async (choices) => {
        signal.throwIfAborted()
        const schedule = walk(model, choices)
        const predicted = runInModel(model, schedule)
        const { verdict, events } = await shownAttempt(cohortRun, schedule)
        const again = `RACE_AGENT=${agent} RACE_FLOW=${flow} npx npa-race run --schedule "${scheduleText(schedule)}"`
        const message = `the model says:\n${picture(model, schedule)}\nto see it: ${again}\n`
        const lost = predicted.kind === 'ran' && predicted.lost
        expect(verdict, message).toMatchObject({ verdict: lost ? 'lost' : 'survived', exposures: 1 })
        expect(looksIn(events), message).toEqual(predicted.kind === 'ran' ? predicted.looks : [])
      })
      // A failure prints its seed: RACE_SEED makes the same schedules again.
      await fc.assert(property, { numRuns: runs, ...(config.seed !== undefined && { seed: config.seed }) })
    })
  })
})
