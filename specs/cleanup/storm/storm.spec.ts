/**
 * Bounds how often a cleanup loses a flow in windows of nanoseconds, in which no process can be held: the cleanup and the datapath run on two processors
 * at full speed. Cleanups that are known to have such a window must lose flows in the same storm, or the storm shows nothing.
 */
import { availableParallelism } from 'node:os'
import { upperBound } from '../../../helpers/statistics/binomial.ts'
import { secondsToMs, seconds } from '../../../helpers/units.ts'
import { describe, expect, test } from '../../../fixtures/test.ts'
import { storm, type StormOrder, type StormResult } from './storm.ts'

/** Two processors at full speed need minutes for this; the machine may have other work. */
const deadlineMs = secondsToMs(seconds(900))
const million = 1_000_000

const number = (value: number): string => value.toLocaleString('en-US')

const words = ({ lost, exposures, reuses, passes, deletes }: StormResult): string =>
  `${number(lost)} flows lost; ${number(exposures)} reuses between dump and delete, of ${number(reuses)}; ${number(passes)} passes, ${number(deletes)} deletes`

const orders = ['after conntrack', 'before conntrack'] as const

describe.runIf(availableParallelism() > 1)(
  'storm',
  { tags: ['lab', 'tcp', 'storm'], timeout: deadlineMs + 60_000 },
  () => {
    const run = (order: Omit<StormOrder, 'deadlineMs'>) => storm({ ...order, deadlineMs })

    test.for(orders)(
      'two-generations loses no flow of a million that are reused between its dump and its delete, with the datapath %s',
      async (hook, { signal, annotate }) => {
        const result = await run({ algorithm: 'two-generations', hook, exposures: million, losses: 1, signal })
        const bound = upperBound(0, result.exposures)
        await annotate(
          `${words(result)}; with 95 % confidence, it loses less than 1 of ${number(Math.floor(1 / bound))}`,
        )
        expect(result.lost).toBe(0)
        expect(result.exposures).toBeGreaterThanOrEqual(million)
      },
    )

    // The packet that the first wait waits for is between the datapath and conntrack.
    test('two-generations without its waits loses flows, with the datapath before conntrack', async ({
      signal,
      annotate,
    }) => {
      const order = { algorithm: 'two-generations', hook: 'before conntrack', waits: false } as const
      const result = await run({ ...order, exposures: Infinity, losses: 5, signal })
      await annotate(words(result))
      expect(result.lost).toBeGreaterThanOrEqual(5)
    })

    // The order of the windows’ widths: milliseconds, microseconds, nanoseconds.
    test.for([
      ['alternating', 'after conntrack', 100],
      ['alternating', 'before conntrack', 100],
      ['two-generations-uncopied', 'after conntrack', 100],
      ['last-seen', 'after conntrack', 5],
      ['last-seen', 'before conntrack', 5],
      ['compare-and-delete', 'after conntrack', 1],
    ] as const)('%s loses flows, with the datapath %s', async ([algorithm, hook, losses], { signal, annotate }) => {
      const result = await run({ algorithm, hook, exposures: Infinity, losses, signal })
      await annotate(words(result))
      expect(result.lost).toBeGreaterThanOrEqual(losses)
    })
  },
)
