/** Random schedules: kernel and model agree about conntrack and map after each step, and about the reply. */
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
import { validAttempt } from './valid-attempt.ts'

/** An attempt of thirty steps takes about 200 ms. */
const runs = 15
const mostSteps = 30
/** Chooses one of the steps that are possible in a state. */
const choice = fc.nat(choosable.length - 1)
/** A limit below the test's own time limit, which would stop it without printing the schedule. */
const mostMs = 60_000

const seed = config.seed ?? randomInt(2 ** 31)
const again = `to try the same random schedules: RACE_SEED=${seed} npx vitest run specs/cleanup/properties.spec.ts`

describe.for(
  cleanups.flatMap((cleanup) =>
    (['tcp-server-first', 'udp-request'] as const).map((flow) => ({ ...cleanup, cleanup, flow })),
  ),
)('$algorithm · $flow', ({ cleanup, algorithm, flow }) => {
  describe('any schedule', { tags: ['lab', flow === 'udp-request' ? 'udp' : 'tcp'], timeout: 120_000 }, () => {
    const agent = `reference:${algorithm}`
    const plan = cohortOf(`any schedule ${agent} ${flow}`, { agent, flow })
    test.override('cohort', { ...plan, ...comparedBySpec, connections: 1 })

    test('has the outcome that the model predicts', async ({ cohortRun, signal }) => {
      const model = modelOf(cleanup, protocolOf(flow))
      const property = fc.asyncProperty(fc.array(choice, { maxLength: mostSteps, size: 'max' }), async (choices) => {
        signal.throwIfAborted()
        const schedule = walk(model, choices)
        const predicted = runInModel(model, schedule)
        const { verdict, events } = await validAttempt(cohortRun, schedule)
        const message = `${disagreement(model, schedule, { agent, flow })}${again}`
        const lost = predicted.kind === 'ran' && predicted.lost
        expect(verdict, message).toMatchObject({ verdict: lost ? 'lost' : 'survived', exposures: 1 })
        expect(looksIn(events), message).toEqual(predicted.kind === 'ran' ? predicted.looks : [])
      })
      await fc.assert(property, {
        numRuns: runs,
        // Shortens a failing schedule until this time has passed, and then reports it.
        interruptAfterTimeLimit: mostMs,
        markInterruptAsFailure: true,
        seed,
      })
    })
  })
})
