/** Reads the map entries of an attempt's flow, of any owner, and adds further entries. */
import type { WholeKey } from '../../helpers/codecs/map-key.ts'
import type { Tuple } from '../../helpers/flow.ts'
import type { Step } from '../../helpers/schedule/schedule.ts'
import type { Channel } from '../../fixtures/remote/channel.ts'
import type { DisturbancesProtocol } from '../../fixtures/remote/disturbances-protocol.ts'
import type { Aside } from '../../fixtures/attempt/attempt.ts'
import type { Testbed } from '../../fixtures/targets/testbed.ts'

/** @returns the program that adds and removes entries @throws if the testbed is not a lab */
export function disturbancesOf(testbed: Testbed): Channel<DisturbancesProtocol> {
  const disturbances = testbed.disturbances?.()
  if (!disturbances)
    throw new TypeError('this spec adds entries to the map, which only a lab can do: run it with RACE_TARGET=lab')
  return disturbances
}

export const entriesOf = async (testbed: Testbed, flows: readonly Tuple[]): Promise<WholeKey[]> =>
  (await disturbancesOf(testbed).request('listEntries', { flows: [...flows] })).entries

/** Reads the map right before this step. @returns `aside`, which the attempt runs before each step, and the entries that it finds, in `seen` */
export function lookBefore(step: Step, testbed: Testbed): { readonly seen: WholeKey[]; readonly aside: Aside } {
  const seen: WholeKey[] = []
  const aside: Aside = async (next, flows) => {
    if (next === step) seen.push(...(await entriesOf(testbed, flows)))
  }
  return { seen, aside }
}

/** Adds an entry right before this step: a copy of the flow's own entry with a different key. @returns an aside for an attempt with one flow */
export const plantBefore =
  (step: Step, testbed: Testbed, differs: (own: WholeKey) => Partial<WholeKey>): Aside =>
  async (next, flows) => {
    if (next === 'open') await disturbancesOf(testbed).request('removeEntries', {}) // Those that an earlier attempt has added.
    if (next !== step) return
    const [own] = await entriesOf(testbed, flows)
    if (!own) throw new Error(`the flow has no map entry before the step "${step}", so none can be added next to it`)
    await disturbancesOf(testbed).request('addEntry', { like: own, key: { ...own, ...differs(own) } })
  }

/** Runs two asides one after the other. */
export const inSequence =
  (first: Aside, second: Aside): Aside =>
  async (next, flows) => {
    await first(next, flows)
    await second(next, flows)
  }
