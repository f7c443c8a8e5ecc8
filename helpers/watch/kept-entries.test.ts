import { expect, test } from 'vitest'
import { KeptEntries, type LookedEntry } from './kept-entries.ts'

const dead = (key: string): LookedEntry => ({ key, isAlive: false })
const alive = (key: string): LookedEntry => ({ key, isAlive: true })

test('an entry is kept if it is dead after a pass, and after the next one', () => {
  const entries = new KeptEntries()
  entries.passed([], [dead('a'), dead('b'), dead('c'), alive('d')])
  expect(entries.followed).toEqual(['a', 'b', 'c'])
  expect(entries.counts).toEqual({ looked: 4, dead: 3, kept: 0 })
  // `a` has been deleted, and `b` is a new flow.
  entries.passed([alive('b'), dead('c')], [])
  expect(entries.counts).toEqual({ looked: 4, dead: 3, kept: 1 })
})

test('an entry that stays is counted once, although the sample has it again', () => {
  const entries = new KeptEntries()
  entries.passed([], [dead('a')])
  entries.passed([dead('a')], [dead('a')])
  entries.passed([dead('a')], [dead('a')])
  expect(entries.counts).toEqual({ looked: 1, dead: 1, kept: 1 })
})

test('entries of a map that the agent does not use any more are not followed', () => {
  const entries = new KeptEntries()
  entries.passed([], [dead('a')])
  entries.forget()
  expect(entries.followed).toEqual([])
  entries.passed([dead('a')], [])
  expect(entries.counts).toEqual({ looked: 1, dead: 1, kept: 0 })
})
