/**
 * Tests a flow with two entries in the map: its own, and one like that of another pod's link on the same node. A cleanup keeps both while the flow
 * lives, and deletes both when it is gone.
 */
import type { WholeKey } from '../../helpers/codecs/map-key.ts'
import { controlSchedules, parseSchedule } from '../../helpers/schedule/schedule.ts'
import type { Aside } from '../../fixtures/attempt/attempt.ts'
import { expect, test } from '../../fixtures/test.ts'
import type { Testbed } from '../../fixtures/targets/testbed.ts'
import { inSequence, lookBefore, plantBefore } from './entries.ts'

export interface SecondEntry {
  /** Returns the fields of the second key that differ from the flow's own key, in addition to the link. */
  readonly differs: (own: WholeKey, testbed: Testbed) => Partial<WholeKey>
  /** Returns the address by which the two entries can be distinguished. */
  readonly by: (entry: WholeKey) => string
  /** Returns these addresses of both entries, sorted. */
  readonly kept: (testbed: Testbed) => readonly string[]
}

/** Defines the tests, for a cohort whose attempts have one flow. */
export function testSecondEntry({ differs, by, kept }: SecondEntry): void {
  const planted = (testbed: Testbed, aside: Aside): Aside =>
    inSequence(
      plantBefore('hydrate', testbed, (own) => ({ ...differs(own, testbed), ifindex: own.ifindex + 1 })),
      aside,
    )

  test('both entries of a live flow are kept', async ({ testbed, cohortRun }) => {
    const { seen, aside } = lookBefore('reply', testbed)
    const { verdict } = await cohortRun.watched('model', controlSchedules['no-reuse'], 1, planted(testbed, aside))
    expect(verdict).toKeepEveryFlow()
    expect(seen.map(by).toSorted()).toEqual(kept(testbed))
  })

  test('both are deleted when it is gone', async ({ testbed, cohortRun }) => {
    const { seen, aside } = lookBefore('reuse', testbed)
    const schedule = parseSchedule('open hydrate expire compare reuse reply')
    const { verdict } = await cohortRun.watched('model', schedule, 1, planted(testbed, aside))
    expect(verdict).toKeepEveryFlow()
    expect(seen).toEqual([])
  })
}
