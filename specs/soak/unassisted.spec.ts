/**
 * Counts the replies that are lost by chance when the agent is not held, and compares the number with the simulation of `npa-race estimate`. The
 * simulation uses window lengths that were measured in the same run.
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
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

/** Confidence of the intervals around both counts. At this level, chance alone fails about one run in a thousand. */
const confidence = 0.999
/**
 * Allowed factor between the two. The simulation assumes that flows and window lengths are independent, but on a small machine flows wait for each
 * other, and the windows become longer under load.
 */
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
    test.override('cohort', { ...cohortOf(`unassisted ${agent} ${seconds} s`, settings), ...comparedBySpec })

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
      // The simulation is random too, so its count has an interval as well.
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
