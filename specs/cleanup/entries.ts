/** Looks at the entries of an attempt's flow, whoever owns them, and writes others beside them. */
import type { WholeKey } from '../../helpers/codecs/map-key.ts'
import type { Step } from '../../helpers/schedule/schedule.ts'
import { probeOf } from '../../fixtures/attempt/node-view.ts'
import type { Aside } from '../../fixtures/attempt/attempt.ts'
import type { Testbed } from '../../fixtures/targets/testbed.ts'

const entriesIn = async (testbed: Testbed): Promise<WholeKey[]> =>
  (await probeOf(testbed).request('entries', {})).entries

/** @returns what an attempt is to do aside, and what it will have seen in the map right before this step */
export function lookBefore(step: Step, testbed: Testbed): { readonly seen: WholeKey[]; readonly aside: Aside } {
  const seen: WholeKey[] = []
  const aside: Aside = async (next) => {
    if (next === step) seen.push(...(await entriesIn(testbed)))
  }
  return { seen, aside }
}

/** @returns what an attempt of one flow is to do aside: right before this step, an entry is made that differs from the flow's own in this */
export const plantBefore =
  (step: Step, testbed: Testbed, differs: (own: WholeKey) => Partial<WholeKey>): Aside =>
  async (next) => {
    if (next !== step) return
    const [own] = await entriesIn(testbed)
    if (!own) throw new Error(`the flow has no entry before "${step}"`)
    await probeOf(testbed).request('plant', { like: 0, ...own, ...differs(own) })
  }

/** One after the other. */
export const both =
  (first: Aside, second: Aside): Aside =>
  async (next) => {
    await first(next)
    await second(next)
  }
