/**
 * Measures how long the windows are if the agent is not held: the dump, from the snapshot to the delete, and from the re-read to the delete. The map
 * has as many live entries as on a node of that size. The length itself depends on the machine, so the spec claims nothing about it.
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { naturalWidths } from '../../helpers/judge/attempt-verdict.ts'
import { windowSchedule } from '../../helpers/schedule/schedule.ts'
import { ms } from '../../helpers/units.ts'
import { perWindow } from '../../helpers/windows.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { disturbancesOf } from './entries.ts'

/** Each stale flow gives one sample of each window. */
const passes = 5
const flows = 20
/** The agent's default size of the map (the agent's source), which is enough for all these entries. */
const tableSize = 524_288

const agents = [
  { agent: 'reference:alternating', go_replace: [], rereads: false, tags: ['lab'] as const },
  { agent: 'reference:last-seen', go_replace: [], rereads: true, tags: ['lab'] as const },
  { ...vulnerable, rereads: false, tags: ['lab', 'npa'] as const },
  { ...fixed, rereads: true, tags: ['lab', 'npa'] as const },
]

describe.for(agents.flatMap((each) => [0, 100_000].map((ballast) => ({ ...each, ballast }))))(
  '$agent with $ballast live entries',
  ({ agent, go_replace, rereads, ballast, tags }) => {
    describe('not held', { tags: [...tags], timeout: 1_800_000 }, () => {
      const plan = cohortOf(`${agent} with ${ballast} live entries`, { agent, go_replace })
      test.override('cohort', { ...plan, datapath: { tableSize }, ...comparedBySpec })

      test('measures its dump and its windows', async ({ testbed, cohortRun }) => {
        if (ballast > 0)
          await disturbancesOf(testbed).request('addIdleFlows', { entries: ballast }, { deadline: ms(60_000) })
        const widths = { dump: 0, ...perWindow(() => 0) }
        for (let pass = 0; pass < passes; pass++) {
          const verdict = await cohortRun.attempt('window', windowSchedule, flows)
          if (verdict.verdict === 'invalid')
            throw new Error(`pass ${pass + 1} was not measured: ${verdict.reason} (${verdict.detail})`)
          for (const width of naturalWidths) widths[width] += verdict.natural?.[width].length ?? 0
        }
        expect(widths).toEqual({
          dump: passes,
          'after-snapshot': passes * flows,
          'after-reread': rereads ? passes * flows : 0,
          'before-delete': 0,
        })
      })
    })
  },
)
