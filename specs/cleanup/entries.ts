/** Looks at the entries of an attempt's flow, whoever owns them, and writes others next to them. */
import type { WholeKey } from '../../helpers/codecs/map-key.ts'
import type { Tuple } from '../../helpers/flow.ts'
import type { Step } from '../../helpers/schedule/schedule.ts'
import type { Channel } from '../../fixtures/remote/channel.ts'
import type { DisturbancesProtocol } from '../../fixtures/remote/disturbances-protocol.ts'
import type { Aside } from '../../fixtures/attempt/attempt.ts'
import type { Testbed } from '../../fixtures/targets/testbed.ts'

/** @throws on a testbed that is not a lab */
export function disturbancesOf(testbed: Testbed): Channel<DisturbancesProtocol> {
  const disturbances = testbed.disturbances?.()
  if (!disturbances) throw new TypeError('only a lab has a program for disturbances')
  return disturbances
}

export const entriesOf = async (testbed: Testbed, flows: readonly Tuple[]): Promise<WholeKey[]> =>
  (await disturbancesOf(testbed).request('listEntries', { flows: [...flows] })).entries

/** @returns what an attempt is to do aside, and what it will have seen in the map right before this step */
export function lookBefore(step: Step, testbed: Testbed): { readonly seen: WholeKey[]; readonly aside: Aside } {
  const seen: WholeKey[] = []
  const aside: Aside = async (next, flows) => {
    if (next === step) seen.push(...(await entriesOf(testbed, flows)))
  }
  return { seen, aside }
}

/** @returns what an attempt of one flow is to do aside: right before this step, an entry is made that differs from the flow's own in this */
export const plantBefore =
  (step: Step, testbed: Testbed, differs: (own: WholeKey) => Partial<WholeKey>): Aside =>
  async (next, flows) => {
    if (next === 'open') await disturbancesOf(testbed).request('removeEntries', {}) // Of an earlier attempt.
    if (next !== step) return
    const [own] = await entriesOf(testbed, flows)
    if (!own) throw new Error(`the flow has no entry before "${step}"`)
    await disturbancesOf(testbed).request('addEntry', { like: own, key: { ...own, ...differs(own) } })
  }

/** One after the other. */
export const both =
  (first: Aside, second: Aside): Aside =>
  async (next, flows) => {
    await first(next, flows)
    await second(next, flows)
  }
