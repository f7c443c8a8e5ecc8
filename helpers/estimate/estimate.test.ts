/** Tests properties of the simulation that must hold for any figures. */
import { describe, expect, test } from 'vitest'
import { cleanups, type Cleanup } from '../model/matrix.ts'
import { estimate, type Estimate, type EstimateOptions } from './estimate.ts'
import { assumptions, estimateTable } from './estimate-report.ts'
import { meanOf, Random } from './random.ts'
import type { Timing, Workload } from './workload.ts'

const workload: Workload = {
  pods: 10,
  flowsPerSecond: 1,
  gap: { kind: 'exponential', mean: 200_000 },
  replyAfter: 1_000,
  kernelTimeout: 120_000,
}
const timing: Timing = {
  period: 300_000,
  dump: 50,
  snapshotToDelete: { kind: 'log-normal', p50: 100, p95: 150 },
  rereadToDelete: { kind: 'log-normal', p50: 1, p95: 2 },
}
const options: EstimateOptions = { seed: 1, passes: 200_000 }

type Question = [
  algorithm: Cleanup['algorithm'],
  changes?: Partial<Workload>,
  timings?: Partial<Timing>,
  more?: Partial<EstimateOptions>,
]

const simulated = (...[algorithm, changes, timings, more]: Question): Estimate => {
  const cleanup = cleanups.find((each) => each.algorithm === algorithm)
  if (!cleanup) throw new TypeError(algorithm)
  return estimate(cleanup, { ...workload, ...changes }, { ...timing, ...timings }, { ...options, ...more })
}

/** The same estimate is compared with many others, and takes a while. */
const known = new Map<string, Estimate>()
const of = (...question: Question): Estimate => {
  const key = JSON.stringify(question)
  const found = known.get(key) ?? simulated(...question)
  known.set(key, found)
  return found
}

/** Whether two estimates are compatible: their intervals overlap. */
const agree = (one: Estimate, other: Estimate): boolean =>
  one.interval.lower <= other.interval.upper && other.interval.lower <= one.interval.upper

describe('an estimate', () => {
  test('is the same for the same seed, and similar for another seed', () => {
    expect(simulated('alternating')).toEqual(of('alternating'))
    expect(of('alternating', {}, {}, { seed: 2 })).not.toEqual(of('alternating'))
    expect(agree(of('alternating', {}, {}, { seed: 2 }), of('alternating'))).toBe(true)
  })

  test('grows with the window', () => {
    const wide = of('alternating', {}, { dump: 500, snapshotToDelete: { kind: 'log-normal', p50: 1000, p95: 1500 } })
    expect(wide.interval.lower).toBeGreaterThan(5 * of('alternating').interval.upper)
  })

  test('is similar if the window is widened and the count divided', () => {
    const window = { rereadToDelete: { kind: 'log-normal', p50: 5, p95: 6 } } as const
    const magnified = of('last-seen', {}, window)
    const plain = of('last-seen', {}, window, { magnification: 1, passes: 2_000_000 })
    expect(magnified.magnification).toBeGreaterThan(1)
    expect(plain.simulated.lost).toBeGreaterThan(5)
    expect(agree(magnified, plain)).toBe(true)
  })

  test('is zero if the kernel has not forgotten the tuple when it is reused', () => {
    const patient = { gap: { kind: 'log-normal', p50: 10_000, p95: 10_000 } } as const
    for (const algorithm of ['alternating', 'consecutive-miss', 'last-seen'] as const)
      expect(of(algorithm, patient)).toMatchObject({ perNodeDay: 0, interval: { lower: 0 } })
  })

  test('is proportional to the number of pods', () => {
    const many = of('alternating', { pods: 100 })
    expect(many.perNodeDay / of('alternating').perNodeDay).toBeCloseTo(10, 0)
  })

  test('a guard with the wrong clock does not help; a working guard reduces losses as much as its window is smaller', () => {
    expect(agree(of('timestamp-guard'), of('alternating'))).toBe(true)
    expect(of('last-seen').interval.upper * 20).toBeLessThan(of('alternating').interval.lower)
  })
})

describe('the report of an estimate', () => {
  const estimates = [of('alternating'), of('last-seen', { gap: { kind: 'log-normal', p50: 10_000, p95: 10_000 } })]

  test('has a row per algorithm and a column per cluster size', () => {
    const [heads, , alternating, lastSeen] = estimateTable(estimates, [1, 1000]).split('\n')
    expect(heads).toBe('| replies lost per day | 1 node | 1,000 nodes |')
    expect(alternating).toMatch(/^\| `alternating` \| [\d.]+ \([\d.]+ to [\d.]+\), P > 99 % \| [\d,]+ \(/)
    expect(lastSeen).toMatch(/^\| `last-seen` \| 0 \(at most [\d.]+\) \|/)
  })

  test('lists its assumptions, and says that a window was widened', () => {
    const said = assumptions(workload, timing, [of('last-seen')]).join('\n')
    expect(said).toContain('Each node has 10 pods')
    expect(said).toContain('2,010 5-tuples')
    expect(said).toContain('200 s on average (exponential)')
    expect(said).toMatch(/last-seen: the simulation makes the window \d+ times as wide/)
  })
})

test.for([
  { kind: 'exponential', mean: 50 },
  { kind: 'log-normal', p50: 10, p95: 40 },
  { kind: 'log-normal', p50: 10, p95: 10 },
] as const)('the mean of random durations from %o is correct', (durations) => {
  const random = new Random(1)
  const drawn = Array.from({ length: 100_000 }, () => random.duration(durations))
  expect(drawn.reduce((sum, each) => sum + each) / drawn.length / meanOf(durations)).toBeCloseTo(1, 1)
})
