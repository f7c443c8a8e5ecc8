/**
 * Nobody holds the agent: how many replies are lost by chance, and is it as many as the simulation of `npa-race estimate` says, from the
 * widths that were measured in the same minute?
 */
import { cohortOf } from '../../helpers/config/cohorts.ts'
import { meanOf } from '../../helpers/estimate/random.ts'
import { estimate } from '../../helpers/estimate/estimate.ts'
import { cleanups } from '../../helpers/model/matrix.ts'
import { quantile } from '../../helpers/statistics/quantile.ts'
import { poissonBounds } from '../../helpers/statistics/poisson.ts'
import { ms } from '../../helpers/units.ts'
import { runUnassisted } from '../../fixtures/attempt/unheld-load.ts'
import { config, describe, expect, test } from '../../fixtures/test.ts'

const load = { gapMs: ms(700), thinkMs: ms(100) }
const flows = 200
const kernelTimeout = 1

/** Of the interval around what was counted, so that chance alone turns one run in a thousand red. */
const confidence = 0.999
/** Uses queue behind each other on a small machine, and the widths of its windows vary with its load: the simulation takes both for independent. */
const tolerance = 2

const spread = (values: readonly number[]) => ({
  kind: 'log-normal' as const,
  p50: quantile(values, 0.5) ?? 0,
  p95: quantile(values, 0.95) ?? 0,
})

/** Without a guard, with one, and with a pass more. The others differ from these in where a reuse is lost, which the matrix shows. */
const brief = cleanups.filter(({ algorithm }) => ['alternating', 'last-seen', 'consecutive-miss'].includes(algorithm))

describe.for([
  ...brief.map((cleanup) => ({ ...cleanup, cleanup, seconds: 10, tags: ['lab', 'udp'] as const })),
  ...cleanups.map((cleanup) => ({ ...cleanup, cleanup, seconds: 300, tags: ['lab', 'udp', 'soak'] as const })),
])('reference:$algorithm, $seconds s', ({ algorithm, cleanup, seconds, tags }) => {
  describe('unassisted', { tags: [...tags], timeout: seconds * 1000 + 60_000 }, () => {
    const agent = `reference:${algorithm}`
    const settings = { agent, flow: 'udp-request', expiry: 'natural', kernel_timeout: kernelTimeout } as const
    test.override('cohort', { ...cohortOf(`unassisted ${agent} ${seconds} s`, settings), iterations: 0 })

    test('loses as many replies as the simulation says', async ({ testbed, ports, signal, annotate }) => {
      const seed = config.seed ?? 1
      const run = await runUnassisted(
        testbed,
        { ...load, ports: ports.take(flows), durationMs: ms(seconds * 1000), seed },
        signal,
      )
      const simulated = estimate(
        cleanup,
        {
          pods: 1,
          flowsPerSecond: run.requests / seconds,
          gap: { kind: 'exponential', mean: load.gapMs },
          replyAfter: load.thinkMs,
          kernelTimeout: kernelTimeout * 1000,
        },
        {
          period: run.period,
          dump: meanOf(spread(run.dumps)),
          snapshotToDelete: spread(run.snapshotToDelete),
          rereadToDelete: spread(run.rereadToDelete),
        },
        { seed, passes: 2_000_000, magnification: 1 },
      )
      const scale = run.requests / simulated.simulated.uses
      const expected = simulated.simulated.lost * scale
      // The simulation counts, too.
      const likely = poissonBounds(simulated.simulated.lost, confidence)
      const chance = poissonBounds(run.lost, confidence)
      await annotate(
        `${run.lost} of ${run.requests} replies lost in ${run.passes} passes (${run.unanswered} requests unanswered in time); the simulation expects ${expected.toFixed(1)}`,
      )
      expect(run.passes).toBeGreaterThan(seconds)
      expect(chance.upper, `about ${expected} lost`).toBeGreaterThanOrEqual((likely.lower * scale) / tolerance)
      expect(chance.lower, `about ${expected} lost`).toBeLessThanOrEqual(likely.upper * scale * tolerance)
    })
  })
})
