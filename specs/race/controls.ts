/** Defines the controls that every cohort runs first: what must not be lost, what must be denied, and what must be deleted. */
import type { CohortPlan } from '../../helpers/config/cohorts.ts'
import { retentionLimitOf } from '../../helpers/model/retention-limit.ts'
import { controlSchedules, retentionWithin } from '../../helpers/schedule/schedule.ts'
import { illegitimateIsDenied, refusalIsToldFromDrop } from '../../fixtures/attempt/instrument-checks.ts'
import { config, expect, test } from '../../fixtures/test.ts'

/** A few flows are enough for a control, because the flows of one attempt are lost or kept together. */
const flowsOfControl = 5

/** Checks that policy and network behave as the verdict assumes. Without these checks a verdict proves nothing. */
export function instrumentChecks(): void {
  test('control: a flow that no policy allows is denied', async ({
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

/** Runs all controls of a cohort. The first one in which the agent deletes an entry also measures its passes. */
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

/** Checks that the cleanup deletes stale entries. Without this check, a cleanup that never deletes would always pass. */
export function staleEntriesAreDeleted(): void {
  test('control: stale entries are deleted', async ({ cohort, cohortRun, task }) => {
    const passes = config.retention_passes ?? retentionLimitOf(cohort.agent)
    const verdict = await cohortRun.attempt('retention', retentionWithin(passes), flowsOfControl)
    task.meta.judged = true
    expect(verdict).toDeleteStaleEntries()
  })
}

/**
 * Waits until an agent on its own timer has begun its next dump. Until then it may still delete entries of the last attempt, and what is seen in
 * this time counts.
 */
export function lastPassIsOver({ passes }: Pick<CohortPlan, 'passes'>): void {
  if (passes === 'own')
    test('waits until the agent has begun the pass after the last attempt', async ({ cohortRun, task }) => {
      task.meta.judged = true // This test only waits; the verdict comes from the attempts.
      await cohortRun.settled()
    })
}
