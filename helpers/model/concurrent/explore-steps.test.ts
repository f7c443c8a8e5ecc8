import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { concurrentCleanups } from './cleanups.ts'
import {
  concurrentNames,
  concurrentResults,
  concurrentTable,
  lossSteps,
  usualSetting,
  type ConcurrentName,
} from './concurrent-table.ts'
import { exploreSteps } from './explore-steps.ts'
import { twoGenerationsInvariants } from './invariants.ts'
import { twoGenerations, type Guards } from './two-generations.ts'

const hooks = ['before conntrack', 'after conntrack'] as const
const guards: Guards = { waitsAfterSwap: true, copies: true, waitsAfterCopy: true }
const results = concurrentResults()
const resultOf = (name: ConcurrentName) => {
  const result = results.find((each) => each.name === name)
  if (!result) throw new RangeError(name)
  return result
}
const { 'two-generations': safe, 'ct-lookup': healing, alternating } = concurrentCleanups

const safeNames: ReadonlySet<ConcurrentName> = new Set(['two-generations', 'ct-lookup'])

test.for(concurrentNames.filter((name) => !safeNames.has(name)))('%s loses a live flow', (name) => {
  expect(lossSteps(resultOf(name)).at(-1)).toBe('the reply looks the flow up and is denied')
})

// Hundreds of thousands of states, which take seconds.
test.for(hooks)(
  'two-generations and ct-lookup lose no live flow, with the datapath %s',
  { timeout: 60_000 },
  (hook) => {
    expect(exploreSteps(usualSetting(safe, hook), twoGenerationsInvariants)).toMatchObject({
      loss: undefined,
      broken: undefined,
      retention: 2,
    })
    expect(exploreSteps({ ...usualSetting(healing, hook), clientPackets: 2 }).loss).toBeUndefined()
  },
)

describe.for(['waitsAfterSwap', 'copies', 'waitsAfterCopy'] as const)('two-generations without: %s', (guard) => {
  test('loses a live flow and breaks an invariant', () => {
    const setting = usualSetting(twoGenerations({ ...guards, [guard]: false }), 'before conntrack')
    const { loss, broken } = exploreSteps({ ...setting, restarts: false }, twoGenerationsInvariants)
    expect(loss?.at(-1)).toBe('the reply looks in the previous map and is denied')
    expect(broken).toBeDefined()
  })
})

test('two-generations relies on the RCU read section of a packet: it must include conntrack', () => {
  const setting = { ...usualSetting(safe, 'before conntrack'), restarts: false, longReadSection: false }
  expect(exploreSteps(setting).loss).toBeDefined()
})

test('compare-and-delete has a gap even if it is one atomic step: a packet has found the element and has not stamped it', () => {
  const steps = lossSteps(resultOf('atomic compare-and-delete'))
  expect(steps).not.toContain('the agent deletes')
  expect(
    exploreSteps(usualSetting(concurrentCleanups['atomic compare-and-delete'], 'after conntrack')).loss,
  ).toBeDefined()
})

test('the model counts the passes that a dead entry survives', () => {
  const retentionOf = (name: ConcurrentName) => resultOf(name).explorations.map(({ retention }) => retention)
  expect(retentionOf('alternating')).toEqual([1, 1])
  expect(retentionOf('consecutive-miss')).toEqual([2, 2])
  expect(retentionOf('tombstone')).toEqual([2, 2])
  expect(retentionOf('never-deletes')).toEqual(['for ever', 'for ever'])
  // An agent that is restarted has missed the events that came meanwhile.
  expect(retentionOf('destroy-events')).toEqual(['for ever', 'for ever'])
})

test('a cleanup that deletes nothing is safe, so the model does not find losses everywhere', () => {
  const steps = { ...alternating.steps, deletes: () => ({ to: 'copies the keys' }) }
  expect(exploreSteps(usualSetting({ ...alternating, steps }, 'before conntrack')).loss).toBeUndefined()
})

test('the table in specs/cleanup/README.md is the output of the concurrent model', () => {
  const readme = readFileSync(new URL('../../../specs/cleanup/README.md', import.meta.url), 'utf8')
  expect(readme).toContain(concurrentTable(results))
})
