/** Controls that every cohort runs first. They check what must not be lost, what must be denied, and what must be deleted. */
import type { CohortPlan } from '../../helpers/config/cohorts.ts'
import { retentionLimitOf } from '../../helpers/model/retention-limit.ts'
import { controlSchedules, retentionWithin } from '../../helpers/schedule/schedule.ts'
import { illegitimateIsDenied, refusalIsToldFromDrop } from '../../fixtures/attempt/instrument-checks.ts'
import { config, expect, test } from '../../fixtures/test.ts'

/** In a control a few flows show as much as many, because they share their fate. */
const flowsOfControl = 5

/** Without these a verdict means nothing. */
export function instrumentChecks(): void {
  test('control: an illegitimate flow is denied, so the policy is in force', async ({
    testbed,
    cohort,
    recorder,
    ports,
    signal,
    task,
  }) => {
    const check = await illegitimateIsDenied(testbed, cohort, recorder, ports, signal)
    task.meta.judged = true
    expect(check.ok, check.saw).toBe(true)
  })

  test('control: a refused connection can be distinguished from a dropped one', async ({
    testbed,
    cohort,
    recorder,
    ports,
    signal,
    task,
  }) => {
    const check = await refusalIsToldFromDrop(testbed, cohort, recorder, ports, signal)
    task.meta.judged = true
    expect(check.ok, check.saw).toBe(true)
  })
}

/** All controls of a cohort. The first one in which the agent deletes also shows how long its pass takes and how often it looks at an entry. */
export function cohortControls(): void {
  instrumentChecks()
  staleEntriesAreDeleted()
  for (const purpose of ['no-reuse', 'reuse-before-snapshot', 'reuse-after-pass'] as const) {
    test(`control: ${purpose}: no flow is lost`, async ({ cohortRun, task }) => {
      const verdict = await cohortRun.attempt(purpose, controlSchedules[purpose], flowsOfControl)
      task.meta.judged = true
      expect(verdict).toKeepEveryFlow()
    })
  }
}

/** Without this control, a cleanup that never deletes would pass. */
export function staleEntriesAreDeleted(): void {
  test('control: stale entries are deleted', async ({ cohort, cohortRun, task }) => {
    const passes = config.retention_passes ?? retentionLimitOf(cohort.agent)
    const verdict = await cohortRun.attempt('retention', retentionWithin(passes), flowsOfControl)
    task.meta.judged = true
    expect(verdict).toDeleteStaleEntries()
  })
}

/** An agent on its own timer may delete flows of the last attempt until its next dump. What is seen by then counts. */
export function lastPassIsOver({ passes }: Pick<CohortPlan, 'passes'>): void {
  if (passes === 'own')
    test('the last pass is over: the agent has begun its next one', async ({ cohortRun, task }) => {
      task.meta.judged = true // It only waits.
      await cohortRun.settled()
    })
}
