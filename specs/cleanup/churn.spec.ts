/**
 * If a key disappears while the real agent copies the map, the agent ends that pass and logs nothing: it looks each key up, and treats a failed
 * lookup as a broken map (the agent's source). Without a copy there is no compare pass. So stale entries stay as long as other entries come and go all the
 * time. The reference agents do not look keys up, and continue.
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { parseAgentLog } from '../../helpers/agent-log/agent-log.ts'
import { parseSchedule } from '../../helpers/schedule/schedule.ts'
import { ms } from '../../helpers/units.ts'
import type { Aside } from '../../fixtures/attempt/attempt.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import type { Testbed } from '../../fixtures/targets/testbed.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { disturbancesOf, entriesOf } from './entries.ts'

/** Enough entries for copying them to take tens of milliseconds. */
const entries = 10_000
/** Under this churn, about every second copy is cut short. */
const mostAttempts = 40
const deadline = ms(30_000)

/** Runs one pass. @returns which kind of pass the agent has logged */
async function tick({ agent }: Testbed): Promise<'hydrated' | 'compared' | 'silent'> {
  if (agent.passes.kind !== 'demand') throw new TypeError('bug: this spec needs an agent whose passes run on demand')
  const logged = new Set<string | undefined>()
  const end = agent.listenToLog?.((line) => logged.add(parseAgentLog(line)?.kind))
  await agent.passes.channel.request('tick', {}, { deadline })
  end?.()
  return logged.has('hydrated') ? 'hydrated' : logged.has('done') ? 'compared' : 'silent'
}

interface Cycle {
  readonly copy: 'hydrated' | 'compared' | 'silent'
  readonly next: 'hydrated' | 'compared' | 'silent'
  /** Stale entries after the two passes. */
  readonly left: number
}

/** Runs two passes before the attempt's hydrate pass: one under churn, and one without churn. */
const churned =
  (testbed: Testbed, cycles: Cycle[]): Aside =>
  async (step, flows) => {
    if (step !== 'hydrate') return
    await disturbancesOf(testbed).request('startChurn', { entries }, { deadline })
    const copy = await tick(testbed)
    await disturbancesOf(testbed).request('stopChurn', {}, { deadline })
    const next = await tick(testbed)
    cycles.push({ copy, next, left: (await entriesOf(testbed, flows)).length })
  }

describe.for([vulnerable, fixed])('$agent under churn', ({ agent, go_replace }) => {
  describe('a hydrate', { tags: ['lab', 'npa'], timeout: 600_000 }, () => {
    test.override('cohort', {
      ...cohortOf(`churn under ${agent}`, { agent, go_replace }),
      ...comparedBySpec,
      connections: 1,
    })

    test('is cut short without a log line, and the stale entry stays', async ({ testbed, cohortRun }) => {
      await disturbancesOf(testbed).request('addIdleFlows', { entries }, { deadline })
      const cycles: Cycle[] = []
      const schedule = parseSchedule('open expire hydrate compare reuse reply')
      for (let attempts = 0; attempts < mostAttempts && cycles.at(-1)?.copy !== 'silent'; attempts++) {
        const { verdict } = await cohortRun.watched('model', schedule, 1, churned(testbed, cycles))
        expect(verdict).toKeepEveryFlow()
      }
      const [cutShort, ...whole] = cycles.toReversed()
      expect(cutShort).toEqual({ copy: 'silent', next: 'hydrated', left: 1 })
      for (const cycle of whole) expect(cycle).toEqual({ copy: 'hydrated', next: 'compared', left: 0 })
    })
  })
})
