import { expect, test } from 'vitest'
import { passFigures, passLines } from './pass-figures.ts'
import type { PassRecord } from './watch-record.ts'

const pass = (node: string, beganMs: number, stale: number, lastsMs: number): PassRecord => ({
  type: 'pass',
  node,
  startedMs: 0,
  beganMs,
  lastsMs,
  stale,
  live: 0,
  undecided: 0,
})
const passes = [pass('a', 300_000, 30, 12), pass('b', 10_000, 10, 4), pass('a', 0, 20, 8), pass('b', 910_000, 40, 20)]

test('passes are compared with the next one of their own watch', () => {
  const figures = passFigures(passes)
  expect(figures?.apartMs).toMatchObject({ p50: 600_000, max: 900_000 })
  expect(figures?.stale).toMatchObject({ p50: 25, max: 40 })
  expect(figures?.lastsMs).toMatchObject({ p50: 10, max: 20 })
})

test('without a second pass, the time between passes is not known', () => {
  const [only] = passes
  const figures = only && passFigures([only])
  expect(figures?.apartMs).toBeUndefined()
  expect(figures && passLines(figures).join('\n')).not.toContain('to the next')
})

test('the window goes from the end of a dump to each delete of its pass', () => {
  const dumps = [
    { dumpMs: 5, sinceDumpMs: 3 },
    { dumpMs: 7, sinceDumpMs: 1 },
  ]
  const figures = passFigures(passes.map((each, index) => ({ ...each, ...dumps[index] })))
  expect(figures?.dumpMs).toMatchObject({ p50: 6, max: 7 })
  // The first pass: 3 to 15 ms; the second one: 1 to 5 ms.
  expect(figures?.windowMs).toMatchObject({ max: 15 })
  expect(figures?.windowMs?.p50).toBeGreaterThan(5)
  expect(figures && passLines(figures)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('to the delete of an entry: median'),
      expect.stringContaining('Duration of the dump: median 6 ms'),
    ]),
  )
})

test('the window after a re-read has the deletes of all passes that looked', () => {
  const looks = [[0.02, 0.04], undefined, [0.06]]
  const figures = passFigures(
    passes.map((each, index) => ({ ...each, ...(looks[index] && { sinceLookMs: looks[index] }) })),
  )
  expect(figures?.rereadMs).toMatchObject({ p50: 0.04, max: 0.06 })
  expect(figures && passLines(figures).join('\n')).toContain('last look at an entry to the delete: median')
  expect(passFigures(passes)?.rereadMs).toBeUndefined()
})

test('if no dump was seen, the text says so', () => {
  const figures = passFigures(passes)
  expect(figures).toMatchObject({ dumpMs: undefined, windowMs: undefined })
  expect(figures && passLines(figures).join('\n')).toContain('conntrack dumps were not seen')
})

test('without a pass, there are no figures', () => expect(passFigures([])).toBeUndefined())

test('the figures are sentences with units', () => {
  const figures = passFigures(passes)
  expect(figures && passLines(figures)).toEqual([
    '4 passes; stale entries that a pass deleted: median 25, 95th percentile 39, maximum 40.',
    expect.stringContaining(
      'first delete of a pass to its last: median 10 ms, 95th percentile 18.8 ms, maximum 20 ms.',
    ),
    expect.stringContaining('dumps were not seen'),
    'Time from one pass with deletes to the next: median 10 min, 95th percentile 14 min 30 s, maximum 15 min.',
  ])
})
