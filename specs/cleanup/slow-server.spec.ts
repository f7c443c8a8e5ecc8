/** A server that is stopped while the client connects: the kernel completes the handshake, and the server accepts the flow later. */
import { readdirSync, readFileSync } from 'node:fs'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { controlSchedules } from '../../helpers/schedule/schedule.ts'
import type { Aside } from '../../fixtures/attempt/attempt.ts'
import { describe, expect, test } from '../../fixtures/test.ts'

const flows = 5
const stallMs = 300

/** Finds the server among the peers of this process's testbed: it is started last. */
const serverPid = (): number =>
  Math.max(
    ...readdirSync(`/proc/${process.pid}/task`)
      .flatMap((thread) => readFileSync(`/proc/${process.pid}/task/${thread}/children`, 'utf8').trim().split(' '))
      .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('remote/peer'))
      .map(Number),
  )

const stall: Aside = (next) => {
  if (next === 'open') {
    const pid = serverPid()
    process.kill(pid, 'SIGSTOP')
    setTimeout(() => process.kill(pid, 'SIGCONT'), stallMs)
  }
  return Promise.resolve()
}

describe('the step open ends', { tags: ['lab'] }, () => {
  test.override('cohort', { ...cohortOf('a slow server', { agent: 'reference:last-seen' }), ...comparedBySpec })

  test('only after the server has accepted the flows too', async ({ cohortRun }) => {
    const { verdict, events } = await cohortRun.watched('no-reuse', controlSchedules['no-reuse'], flows, stall)
    expect(verdict).toMatchObject({ verdict: 'survived', exposures: flows, disagreements: [] })
    const opened = events.findIndex((event) => event.type === 'observed' && event.moment === 'opened')
    expect(events.slice(0, opened).filter(({ type }) => type === 'flow.arrived')).toHaveLength(flows)
  })
})
