import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseSchedule } from '../schedule/schedule.ts'
import { referenceAgents } from '../agents/reference.ts'
import { cellsOf, cleanups, matrixDepth, matrixSchedules } from './matrix.ts'
import { picture } from './picture.ts'
import { modelTable } from './table.ts'

test('the table in the specs’ README is the one that the model makes', () => {
  const readme = readFileSync(new URL('../../specs/cleanup/README.md', import.meta.url), 'utf8')
  expect(readme).toContain(modelTable(cleanups, matrixDepth))
})

test('a picture says who did what when', () => {
  const model = { algorithm: referenceAgents.alternating.rules, stamp: 'none', transport: 'tcp' } as const
  expect(picture(model, parseSchedule('open hydrate expire hold:after-snapshot reuse release reply'))).toBe(
    `  step                 kernel      policy map  agent
  open                 present     present
  hydrate              present     present     copies the keys of the map
  expire               gone        stale
  hold:after-snapshot  gone        stale       has dumped the kernel’s table, and is held
  reuse                present     present
  release              present     GONE        is let go, and deletes the key
  reply                finds no map entry: DROPPED
`,
  )
})

test('a picture says where the agent is held', () => {
  const model = { algorithm: referenceAgents['last-seen'].rules, stamp: 'last-seen', transport: 'tcp' } as const
  expect(picture(model, parseSchedule('open hydrate expire hold:before-delete reuse release reply'))).toContain(
    'is about to delete the entry, and is held',
  )
})

test('a step that cannot be taken is named', () => {
  const model = { algorithm: referenceAgents.alternating.rules, stamp: 'none', transport: 'tcp' } as const
  expect(() => picture(model, parseSchedule('open hydrate hold:after-reread'))).toThrow('"hold:after-reread"')
})

test('the matrix has cells that lose and cells that survive for every algorithm that was released', () => {
  const schedules = matrixSchedules()
  for (const cleanup of cleanups) {
    const outcomes = cellsOf(cleanup, 'tcp', schedules).map(
      ({ predicted }) => predicted.kind === 'ran' && predicted.lost,
    )
    expect(new Set(outcomes)).toEqual(new Set([true, false]))
  }
})

test('every cleanup loses in the cells in which it is held before its delete', () => {
  for (const cleanup of cleanups) {
    const held = cellsOf(cleanup, 'tcp').filter(({ schedule }) => schedule.includes('hold:before-delete'))
    const ran = held.flatMap(({ predicted }) => (predicted.kind === 'ran' ? [predicted.lost] : []))
    expect(new Set(ran)).toEqual(new Set([true]))
    // It is not held in a pass in which it deletes nothing.
    expect(held.length - ran.length).toBe(cleanup.algorithm === 'consecutive-miss' ? 2 : 0)
  }
})
