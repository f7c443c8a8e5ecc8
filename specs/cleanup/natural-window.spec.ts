/**
 * How wide is the window when nobody holds the agent? From its snapshot to its delete, and from its re-read to its delete, beside so
 * many live entries that a node of that size would have. Nothing is claimed about the width itself: it is the machine's.
 */
import { cohortOf } from '../../helpers/config/cohorts.ts'
import { windowSchedule } from '../../helpers/schedule/schedule.ts'
import { ms } from '../../helpers/units.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { fixed, vulnerable } from '../npa-releases.ts'

/** Each stale flow is a sample. */
const passes = 5
const flows = 20

const agents = [
  { ...vulnerable, rereads: false },
  { ...fixed, rereads: true },
] as const

describe.for(agents.flatMap((each) => [0, 10_000, 100_000].map((ballast) => ({ ...each, ballast }))))(
  '$agent beside $ballast live entries',
  { tags: ['lab', 'npa'], timeout: 1_800_000 },
  ({ agent, go_replace, rereads, ballast }) => {
    const plan = cohortOf(`${agent} beside ${ballast} live entries`, { agent, go_replace })
    test.override('cohort', { ...plan, iterations: 0 })

    test('its window', async ({ testbed, cohortRun }) => {
      if (ballast > 0) await testbed.probe.request('ballast', { entries: ballast }, { deadline: ms(60_000) })
      const widths = { 'after-snapshot': 0, 'after-reread': 0 }
      for (let pass = 0; pass < passes; pass++) {
        const verdict = await cohortRun.attempt('window', windowSchedule, flows)
        if (verdict.verdict === 'invalid') throw new Error(`${verdict.reason}: ${verdict.detail}`)
        widths['after-snapshot'] += verdict.natural?.['after-snapshot'].length ?? 0
        widths['after-reread'] += verdict.natural?.['after-reread'].length ?? 0
      }
      expect(widths).toEqual({ 'after-snapshot': passes * flows, 'after-reread': rereads ? passes * flows : 0 })
    })
  },
)
