/**
 * The cleanup that the original reproducer proposes: delete only entries whose flow two consecutive compare passes have missed, and remember
 * misses in an even and an odd set. This spec checks on the kernel what the proposal promises; the matrix shows what it loses.
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { parseSchedule } from '../../helpers/schedule/schedule.ts'
import { ms } from '../../helpers/units.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { disturbancesOf } from './entries.ts'
import { leftAfterPasses } from './looks.ts'

const agent = 'reference:consecutive-miss'
const flows = 5

describe('consecutive-miss', { tags: ['lab'] }, () => {
  test.override('cohort', { ...cohortOf('the proposal', { agent }), ...comparedBySpec })

  // The agent keeps running between attempts. So after an attempt with an odd number of cycles, the next one begins with the other set.
  test.for([
    ['the even set', 'open hydrate expire compare hydrate compare', [flows, 0]],
    ['the odd set', 'open hydrate compare hydrate expire compare hydrate compare', [flows, flows, 0]],
    ['the even set, after the odd', 'open hydrate compare hydrate expire compare hydrate compare', [flows, flows, 0]],
  ] as const)('deletes at the second miss if the first miss is in %s', async ([, text, left], { cohortRun }) => {
    const { verdict, events } = await cohortRun.watched('retention', parseSchedule(text), flows)
    expect(verdict).toDeleteStaleEntries()
    expect(leftAfterPasses(events)).toEqual(left)
  })

  test('forgets a miss after a pass that has seen the flow again', async ({ cohortRun }) => {
    const text = 'open hydrate expire compare reuse hydrate compare expire hydrate compare hydrate compare'
    const { verdict, events } = await cohortRun.watched('retention', parseSchedule(text), flows)
    expect(verdict).toDeleteStaleEntries()
    expect(leftAfterPasses(events)).toEqual([flows, flows, flows, 0])
  })
})

/** More than the default size of the map in a lab. */
const tableSize = 262_144
const stale = 100_000

describe('the memory of consecutive-miss', { tags: ['lab'] }, () => {
  test.override('cohort', {
    ...cohortOf('the memory of the proposal', { agent }),
    datapath: { tableSize },
    ...comparedBySpec,
  })

  test('is freed after the entries are deleted', async ({ testbed, annotate }) => {
    const { passes } = testbed.agent
    if (passes.kind !== 'demand') throw new TypeError('bug: this spec needs an agent whose passes run on demand')
    const { channel } = passes
    const deadline = ms(30_000)
    const pass = () => channel.request('tick', {}, { deadline })
    const heap = async (): Promise<number> => (await channel.request('memory', {})).heapBytes
    const before = await heap()
    const above = async (): Promise<number> => ((await heap()) - before) / 1e6

    await disturbancesOf(testbed).request('addIdleFlows', { entries: stale, stale: true }, { deadline })
    await pass()
    const copied = await above()
    await expect(pass()).resolves.toMatchObject({ pass: 'compare', kept: stale })
    const missed = await above()
    await pass()
    const both = await above()
    await expect(pass()).resolves.toMatchObject({ pass: 'compare', deleted: stale })
    const after = await above()

    const megabytes = (value: number): string => `${value.toFixed(1)} MB`
    await annotate(
      `with 100,000 stale entries, the set of misses takes ${megabytes(missed)} from the first miss to the second, or ${megabytes(both)} together ` +
        `with the copy of the next hydrate pass; that copy alone takes ${megabytes(copied)}`,
    )
    expect(missed).toBeGreaterThan(0)
    expect(both).toBeGreaterThan(copied)
    expect(after).toBeLessThan(missed / 2)
  })
})
