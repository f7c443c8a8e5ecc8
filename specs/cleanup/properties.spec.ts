/** Random schedules: the kernel agrees with the model at each look, and about the reply. */
import { randomInt } from 'node:crypto'
import { fc } from '@fast-check/vitest'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { protocolOf } from '../../helpers/flow.ts'
import { cleanups, modelOf } from '../../helpers/model/matrix.ts'
import { runInModel } from '../../helpers/model/run.ts'
import { choosable, walk } from '../../helpers/model/walk.ts'
import { config, describe, expect, test } from '../../fixtures/test.ts'
import { disagreement } from './disagreement.ts'
import { looksIn } from './looks.ts'
import { shownAttempt } from './shown-attempt.ts'

/** An attempt of thirty steps takes about 200 ms. */
const runs = 15
const mostSteps = 30
/** Among the steps that can be taken. */
const choice = fc.nat(choosable.length - 1)
/** The test's own time limit would tell nothing. */
const mostMs = 60_000

const seed = config.seed ?? randomInt(2 ** 31)
const again = `the same random schedules: RACE_SEED=${seed} npx vitest run specs/cleanup/properties.spec.ts`

describe.for(
  cleanups.flatMap((cleanup) =>
    (['tcp-server-first', 'udp-request'] as const).map((flow) => ({ ...cleanup, cleanup, flow })),
  ),
)('$algorithm · $flow', ({ cleanup, algorithm, flow }) => {
  describe('any schedule', { tags: ['lab', flow === 'udp-request' ? 'udp' : 'tcp'], timeout: 120_000 }, () => {
    const agent = `reference:${algorithm}`
    const plan = cohortOf(`any schedule ${agent} ${flow}`, { agent, flow })
    test.override('cohort', { ...plan, ...comparedBySpec, connections: 1 })

    test('comes out as the model says', async ({ cohortRun, signal }) => {
      const model = modelOf(cleanup, protocolOf(flow))
      const property = fc.asyncProperty(fc.array(choice, { maxLength: mostSteps, size: 'max' }), async (choices) => {
        signal.throwIfAborted()
        const schedule = walk(model, choices)
        const predicted = runInModel(model, schedule)
        const { verdict, events } = await shownAttempt(cohortRun, schedule)
        const message = `${disagreement(model, schedule, { agent, flow })}${again}`
        const lost = predicted.kind === 'ran' && predicted.lost
        expect(verdict, message).toMatchObject({ verdict: lost ? 'lost' : 'survived', exposures: 1 })
        expect(looksIn(events), message).toEqual(predicted.kind === 'ran' ? predicted.looks : [])
      })
      await fc.assert(property, {
        numRuns: runs,
        // A failure is made shorter for as long as there is time for it, and then told.
        interruptAfterTimeLimit: mostMs,
        markInterruptAsFailure: true,
        seed,
      })
    })
  })
})
