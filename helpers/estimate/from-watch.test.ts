import { describe, expect, test } from 'vitest'
import { readWatch } from '../watch/read-watch.ts'
import { totalsRecordLine, type PassRecord } from '../watch/watch-record.ts'
import type { Estimate } from './estimate.ts'
import { extrapolated, measuredBy } from './from-watch.ts'

const survey = (...watches: readonly { denied: number; hours: number; layout: string }[]) =>
  readWatch(
    watches
      .map(({ denied, hours, layout }, index) =>
        totalsRecordLine(
          { node: `node-${index}`, startedMs: 0 },
          { counts: { stale: 100, live: denied, undecided: 0, denied }, passes: 9, lost: 0, seconds: hours * 3600 },
          layout,
        ),
      )
      .join('\n'),
  )

const simulated = (algorithm: Estimate['algorithm'], perNodeDay: number): Estimate => ({
  algorithm,
  perNodeDay,
  interval: { lower: perNodeDay * 0.9, upper: perNodeDay * 1.1 + 0.001 },
  simulated: { uses: 1, lost: 1, nodeDays: 1 },
  magnification: 1,
})

describe('what was measured', () => {
  test('is a rate per day of one node, with exact bounds', () => {
    const { cleanup, perNodeDay, interval, words } = measuredBy(
      survey({ denied: 6, hours: 12, layout: '24/1' }, { denied: 4, hours: 12, layout: '60/1' }),
    )
    expect([cleanup, perNodeDay]).toEqual(['alternating', 10])
    expect(interval.lower).toBeCloseTo(4.8, 1)
    expect(interval.upper).toBeCloseTo(18.4, 1)
    expect(words[0]).toMatch(/^Measured: 10 live flows with a denied reply in 24 h of 2 watches/)
  })

  test('is the timing of the agents, if their dumps were seen', () => {
    const watch = { node: 'a', startedMs: 0 }
    const pass = { beganMs: 0, lastsMs: 18, stale: 10, live: 0, undecided: 0 }
    const own = survey({ denied: 1, hours: 1, layout: '24/1' })
    const passOf = (dump: object): PassRecord[] => [{ type: 'pass', ...watch, ...pass, ...dump }]
    const { timing, words } = measuredBy({ ...own, passes: passOf({ dumpMs: 7, sinceDumpMs: 2 }) })
    expect(timing).toEqual({
      dump: 7,
      snapshotToDelete: { kind: 'log-normal', p50: 11, p95: expect.closeTo(19.1) as number },
    })
    expect(words.at(-1)).toContain('took 7 ms, and they deleted an entry 11 ms after its end (95th percentile 19.1 ms)')
    const looking = measuredBy({ ...own, passes: passOf({ dumpMs: 7, sinceDumpMs: 2, sinceLookMs: [0.02, 0.02] }) })
    expect(looking.timing).toMatchObject({ rereadToDelete: { kind: 'log-normal', p50: 0.02, p95: 0.02 } })
    expect(looking.words.at(-1)).toContain('after their last look at it')
    expect(measuredBy({ ...own, passes: passOf({}) })).toMatchObject({ timing: {}, words: { length: 1 } })
  })

  test.for([
    ['of two cleanups', ['24/1', '24/16']],
    ['with a map that is unknown', ['24/7']],
  ] as const)('%s is refused', ([, layouts]) => {
    const mixed = survey(...layouts.map((layout) => ({ denied: 1, hours: 1, layout })))
    expect(() => measuredBy(mixed)).toThrow('must have the same cleanup')
  })
})

describe('the extrapolation', () => {
  const measured = measuredBy(survey({ denied: 100, hours: 24, layout: '24/1' }))

  test('keeps what was measured, and scales the others by their ratio', () => {
    const [current, other] = extrapolated([simulated('alternating', 50), simulated('last-seen', 5)], measured)
    expect(current).toEqual({ algorithm: 'alternating', perNodeDay: 100, interval: measured.interval })
    expect(other?.perNodeDay).toBe(10)
    expect(other?.interval.lower).toBeLessThan(8.2)
    expect(other?.interval.upper).toBeGreaterThan(12.2)
  })

  test('a cleanup that lost nothing in the simulation gets an upper bound', () => {
    const [, other] = extrapolated([simulated('alternating', 50), simulated('last-seen', 0)], measured)
    expect(other).toMatchObject({ perNodeDay: 0, interval: { lower: 0 } })
    expect(other?.interval.upper).toBeGreaterThan(0)
  })

  test('is refused if the simulation lost nothing under the measured cleanup', () => {
    expect(() => extrapolated([simulated('alternating', 0)], measured)).toThrow('describe your workload')
  })
})
