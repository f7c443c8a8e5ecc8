/**
 * A key that vanishes while the real agent copies the map ends that pass without a word: it looks each key up, and takes a failed look for a
 * broken map (npa, *Logs*). Without a copy there is no compare: where entries come and go all the time, stale ones stay. The reference
 * agents look no key up, and go on.
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

/** Copying so many takes tens of milliseconds. */
const entries = 10_000
/** About every second copy under such churn is cut short. */
const mostAttempts = 40
const deadline = ms(30_000)

/** The agent's own words about one tick. */
async function tick({ agent }: Testbed): Promise<'hydrated' | 'compared' | 'silent'> {
  if (agent.passes.kind !== 'demand') throw new TypeError('passes are run on demand here')
  const said = new Set<string | undefined>()
  const end = agent.listenToLog?.((line) => said.add(parseAgentLog(line)?.kind))
  await agent.passes.channel.request('tick', {}, { deadline })
  end?.()
  return said.has('hydrated') ? 'hydrated' : said.has('done') ? 'compared' : 'silent'
}

interface Cycle {
  readonly copy: 'hydrated' | 'compared' | 'silent'
  readonly next: 'hydrated' | 'compared' | 'silent'
  /** Stale entries after the two. */
  readonly left: number
}

/** Before a hydrate: one under churn, and a pass after it without. */
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

    test('is cut short without a word, and the stale entry stays', async ({ testbed, cohortRun }) => {
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
