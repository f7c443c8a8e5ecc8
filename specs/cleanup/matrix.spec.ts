/**
 * Confirms on the kernel what the model predicts: which schedules lose a live flow. Every algorithm is tried with the controls and with the shortest
 * losing schedules of all algorithms, for every kind of flow, over IPv4 and IPv6.
 */
import type { TestTags } from 'vitest'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { flowKinds, ipFamilies, protocolOf, type FlowKind } from '../../helpers/flow.ts'
import { cellsOf, matrixSchedules, type Cell } from '../../helpers/model/matrix.ts'
import { isHold, scheduleText, windowOf, type Step } from '../../helpers/schedule/schedule.ts'
import { windowTable } from '../../helpers/windows.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { looksIn } from './looks.ts'
import { validAttempt } from './valid-attempt.ts'
import { subjects } from './subjects.ts'

const schedules = matrixSchedules()

/** Selects the cells for a short run: the algorithm of the released fix with the flow that the race specs use. */
const isShort = (agent: string, flow: FlowKind, ip: number): boolean =>
  agent === 'reference:last-seen' && flow === 'tcp-server-first' && ip === 4

/** @returns why an attempt is invalid if the agent does not reach this hold */
const whyInvalid = (step: Step): string => (isHold(step) ? windowTable[windowOf(step)].words.neverHeld[0] : step)

const outcome = ({ predicted }: Cell): string => {
  if (predicted.kind === 'stuck') return `invalid: ${whyInvalid(predicted.step)}`
  return predicted.lost ? 'lost' : 'survives'
}

for (const { agent, go_replace, cleanup, tags } of subjects) {
  for (const ip of ipFamilies) {
    for (const flow of flowKinds) {
      const family: TestTags['tags'][] = ip === 6 ? ['ipv6'] : []
      const duration: TestTags['tags'][] = isShort(agent, flow, ip) ? ['short'] : []
      const transport = protocolOf(flow)
      describe(
        `${agent} · ${flow} · IPv${ip}`,
        { tags: [...tags, ...family, ...duration, transport], timeout: 600_000 },
        () => {
          const plan = cohortOf(`matrix ${agent} ${flow} IPv${ip}`, { agent, flow, ip, go_replace: [...go_replace] })
          test.override('cohort', { ...plan, ...comparedBySpec, connections: 1 })

          test.for(
            cellsOf(cleanup, transport, schedules).map((cell) => ({
              ...cell,
              title: `${scheduleText(cell.schedule)}: ${outcome(cell)}`,
            })),
          )('$title', async ({ schedule, predicted }, { cohortRun }) => {
            if (predicted.kind === 'stuck') {
              const { verdict } = await cohortRun.watched('model', schedule)
              expect(verdict).toMatchObject({ verdict: 'invalid', reason: whyInvalid(predicted.step) })
              return
            }
            const { verdict, events } = await validAttempt(cohortRun, schedule)
            expect(verdict).toMatchObject({
              verdict: predicted.lost ? 'lost' : 'survived',
              exposures: 1,
              disagreements: [],
            })
            expect(looksIn(events)).toEqual(predicted.looks)
          })
        },
      )
    }
  }
}
