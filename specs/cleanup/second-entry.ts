/**
 * A flow with two entries in the map, its own and one as the link of the node's other pod makes it: a cleanup keeps both while the flow
 * lives, and deletes both when it is gone.
 */
import type { WholeKey } from '../../helpers/codecs/map-key.ts'
import { controlSchedules, parseSchedule } from '../../helpers/schedule/schedule.ts'
import type { Aside } from '../../fixtures/attempt/attempt.ts'
import { expect, test } from '../../fixtures/test.ts'
import type { Testbed } from '../../fixtures/targets/testbed.ts'
import { both, lookBefore, plantBefore } from './entries.ts'

export interface SecondEntry {
  /** What of its key is another than in the flow's own, beside the link. */
  readonly differs: (own: WholeKey, testbed: Testbed) => Partial<WholeKey>
  /** What tells the two apart. */
  readonly by: (entry: WholeKey) => string
  /** Of both, in the order of their text. */
  readonly kept: (testbed: Testbed) => readonly string[]
}

/** For a cohort whose attempts have one flow. */
export function bothOrNone({ differs, by, kept }: SecondEntry): void {
  const planted = (testbed: Testbed, aside: Aside): Aside =>
    both(
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
