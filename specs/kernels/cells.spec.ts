import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { cells, scriptOf } from './cells.ts'

test.for(cells)('the command of the cell "$name" fits into single quotes, and bash can parse it', ({ command }) => {
  expect(command).not.toContain("'")
  expect(spawnSync('bash', ['-n', '-c', command], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
})

test('bash can parse the script of all cells', () => {
  expect(spawnSync('bash', ['-n'], { input: scriptOf(cells), encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  })
})

test('names each cell only once, because results are kept by name', () => {
  expect(new Set(cells.map(({ name }) => name)).size).toBe(cells.length)
})
