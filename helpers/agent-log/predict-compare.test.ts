import { describe, expect, test } from 'vitest'
import { loggedPasses, type PassLine } from '../agent-log/passes.ts'
import { ms, ns } from '../units.ts'
import { predictCompare, spray } from './predict-compare.ts'

/** Milliseconds. */
const at = (milliseconds: number) => ns(milliseconds * 1e6)
const line = (what: PassLine['line'], milliseconds: number): PassLine => ({ line: what, at: at(milliseconds) })
const period = ms(4_000)
const inMs = (prediction: ReturnType<typeof predictCompare>) => prediction && prediction.at / 1e6

describe('passes in the log', () => {
  test('a beginning without an end is not a pass', () => {
    const lines = [
      line('began', 0),
      line('began', 2_000),
      line('hydrated', 2_001),
      line('began', 4_001),
      line('done', 4_040),
    ]
    expect(loggedPasses(lines)).toEqual([
      { kind: 'hydrate', began: at(2_000), ended: at(2_001) },
      { kind: 'compare', began: at(4_001), ended: at(4_040) },
    ])
  })

  test('an end without a beginning is not a pass', () => {
    expect(loggedPasses([line('done', 1), line('began', 2_000), line('hydrated', 2_001)])).toHaveLength(1)
  })
})

describe('the next compare pass', () => {
  const hydrate = [line('began', 2_000), line('hydrated', 2_003)]
  const compare = [line('began', 4_003), line('done', 4_043)]

  test('is predicted half a period after a hydrate', () => {
    expect(inMs(predictCompare(loggedPasses(hydrate), period, at(0)))).toBe(4_003)
  })

  test('is predicted one period, plus the duration of a hydrate, after a compare pass', () => {
    const prediction = predictCompare(loggedPasses([...hydrate, ...compare]), period, at(0))
    expect(inMs(prediction)).toBe(8_046)
    expect(prediction?.takes).toBe(40e6)
  })

  test('is skipped if it comes too early', () => {
    expect(inMs(predictCompare(loggedPasses(hydrate), period, at(5_000)))).toBe(8_046)
  })

  test('cannot be predicted if no pass was seen', () => {
    expect(predictCompare([], period, at(0))).toBeUndefined()
  })
})

test('a spray covers the predicted pass and a margin on both sides', () => {
  const times = spray([3, 5, 8], { at: at(1_000), takes: 40e6 }, 20e6)
  expect(times.map(({ flow, at: when }) => [flow, when / 1e6])).toEqual([
    [3, 990],
    [5, 1_025],
    [8, 1_060],
  ])
})
