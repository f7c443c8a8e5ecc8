import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseSchedule } from '../schedule/schedule.ts'
import { referenceAgents } from '../agents/reference.ts'
import { candidates, cellsOf, cleanups, matrixDepth, matrixSchedules } from './matrix.ts'
import { picture } from './picture.ts'
import { modelTable } from './table.ts'

test('the table in specs/cleanup/README.md is the output of the model', () => {
  const readme = readFileSync(new URL('../../specs/cleanup/README.md', import.meta.url), 'utf8')
  expect(readme).toContain(modelTable([...cleanups, ...candidates], matrixDepth))
})

test('a picture shows kernel, map and agent at each step', () => {
  const model = { algorithm: referenceAgents.alternating.rules, stamp: 'none', transport: 'tcp' } as const
  expect(picture(model, parseSchedule('open hydrate expire hold:after-snapshot reuse release reply'))).toBe(
    `  step                 kernel      policy map  agent
  open                 present     present
  hydrate              present     present     copies the keys of the map
  expire               gone        stale
  hold:after-snapshot  gone        stale       has dumped the kernel’s table, and is held
  reuse                present     present
  release              present     GONE        is released, and deletes the key
  reply                finds no map entry: DROPPED
`,
  )
})

test('a picture shows where the agent is held', () => {
  const model = { algorithm: referenceAgents['last-seen'].rules, stamp: 'last-seen', transport: 'tcp' } as const
  expect(picture(model, parseSchedule('open hydrate expire hold:before-delete reuse release reply'))).toContain(
    'is about to delete the entry, and is held',
  )
})

test('the error names a step that cannot be taken', () => {
  const model = { algorithm: referenceAgents.alternating.rules, stamp: 'none', transport: 'tcp' } as const
  expect(() => picture(model, parseSchedule('open hydrate hold:after-reread'))).toThrow('"hold:after-reread"')
})

test('for every upstream algorithm, the matrix has cells that lose and cells that survive', () => {
  const schedules = matrixSchedules()
  for (const cleanup of cleanups) {
    const outcomes = cellsOf(cleanup, 'tcp', schedules).map(
      ({ predicted }) => predicted.kind === 'ran' && predicted.lost,
    )
    expect(new Set(outcomes)).toEqual(new Set([true, false]))
  }
})

test('every cleanup loses in all cells that hold it before its delete', () => {
  for (const cleanup of cleanups) {
    const held = cellsOf(cleanup, 'tcp').filter(({ schedule }) => schedule.includes('hold:before-delete'))
    const ran = held.flatMap(({ predicted }) => (predicted.kind === 'ran' ? [predicted.lost] : []))
    expect(new Set(ran)).toEqual(new Set([true]))
    // It is not held in a pass in which it deletes nothing.
    expect(held.length - ran.length).toBe(cleanup.algorithm === 'consecutive-miss' ? 2 : 0)
  }
})
