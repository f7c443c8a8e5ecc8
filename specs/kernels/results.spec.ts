import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withTables } from '../../helpers/config/config-tables.ts'
import { cells, neededVersion } from './cells.ts'
import { readResults, withRun, type KernelRun, type Results } from './results.ts'
import { kernelPages, resultsTable, supportTable } from './table.ts'

const run: KernelRun = {
  name: '6.1-amd64',
  release: '6.1.0',
  accelerator: 'tcg',
  date: '2026-01-02',
  chosen: ['TCP', 'UDP'],
  results: [{ index: 0, exitCode: 0, seconds: 61 }],
}
const earlier: Results = {
  '6.1-amd64': {
    release: '6.1.0',
    accelerator: 'tcg',
    cells: {
      doctor: { exitCode: 0, seconds: 9, date: '2026-01-01' },
      UDP: { exitCode: 0, seconds: 50, date: '2026-01-01' },
    },
  },
}

test.for(kernelPages(readResults()))('the tables of kernels in $file are current; if not: npm run docs', (page) => {
  const text = readFileSync(new URL(`../../${page.file}`, import.meta.url), 'utf8')
  expect(withTables(text, page.tables)).toBe(text)
})

test('keeps the cells that were not chosen, and drops the result of a cell that did not end', () => {
  expect(withRun(earlier, run)['6.1-amd64']?.cells).toEqual({
    doctor: { exitCode: 0, seconds: 9, date: '2026-01-01' },
    TCP: { exitCode: 0, seconds: 61, date: '2026-01-02' },
  })
})

test('drops what another release of the kernel showed', () => {
  expect(Object.keys(withRun(earlier, { ...run, release: '6.1.9' })['6.1-amd64']?.cells ?? {})).toEqual(['TCP'])
})

test.for([
  [1, 'failed, exit 1 (2026-01-02)'],
  [124, 'no verdict: not finished after 61 s (2026-01-02)'],
  [139, 'no verdict: crashed with signal 11 (2026-01-02)'],
] as const)('exit code %i is shown as: %s', ([exitCode, text]) => {
  expect(resultsTable(withRun({}, { ...run, results: [{ index: 0, exitCode, seconds: 61 }] }))).toContain(text)
})

test('a kernel of the matrix without a result is listed', () => {
  expect(supportTable({})).toContain('| 6.12-arm64-16k | no result yet |')
})

test('a cell that needs a newer kernel is not expected of an older one', () => {
  const results = withRun({}, { ...run, name: '5.10-amd64' })
  expect(resultsTable(results)).toContain('| ct-lookup | needs 6.1 |')
  expect(supportTable(results)).toMatch(new RegExp(`^\\| 5.10-amd64 .* of ${cells.length - 1} \\|`, 'm'))
})

test.for([
  ['5.10-amd64', '6.1', '6.1'],
  ['6.1-arm64', '6.1', undefined],
  ['6.12-arm64-16k', '6.1', undefined],
  ['7.0-amd64', '6.1', undefined],
  ['5.10-amd64', { arm64: '6.12' }, undefined],
  ['6.1-arm64', { arm64: '6.12' }, '6.12'],
  ['6.12-arm64-16k', { arm64: '6.12' }, undefined],
] as const)('%s and a cell since %j: it needs %s', ([kernel, since, needed]) => {
  expect(neededVersion(kernel, { name: '', command: '', since })).toBe(needed)
})
