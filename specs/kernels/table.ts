/** Writes the tables of kernels and cells. */
import { markdownTable } from '../../helpers/text.ts'
import { cells, matrix, neededVersion, type Cell } from './cells.ts'
import type { CellRecord, KernelRecord, Results } from './results.ts'

/** The files with tables of kernels, relative to the checkout, and the tables of each by name. */
export const kernelPages = (
  results: Results,
): readonly { readonly file: string; readonly tables: Readonly<Record<string, string>> }[] => [
  { file: 'README.md', tables: { kernels: supportTable(results) } },
  { file: 'specs/kernels/README.md', tables: { results: resultsTable(results) } },
]

const namesOf = (results: Results): string[] => [...new Set([...matrix, ...Object.keys(results)])]

/** @returns a table in Markdown: a row for each cell, a column for each kernel that was run */
export function resultsTable(results: Results): string {
  const run = namesOf(results).flatMap((name) => {
    const kernel = results[name]
    return kernel ? [{ name, kernel }] : []
  })
  return markdownTable(
    ['cell', ...run.map(({ name, kernel }) => `${name} (${kernel.release}, ${processorOf(kernel)})`)],
    cells.map((cell) => [cell.name, ...run.map(({ name, kernel }) => cellText(name, cell, kernel.cells[cell.name]))]),
  )
}

/** @returns a table in Markdown: how many cells passed on each kernel of the matrix */
export function supportTable(results: Results): string {
  return markdownTable(
    ['kernel', 'how it was tested', 'passed', 'failed, or no verdict', 'not run'],
    namesOf(results).map((name) => {
      const kernel = results[name]
      const possible = cells.filter((cell) => neededVersion(name, cell) === undefined)
      if (!kernel) return [name, 'no result yet', '–', '–', `all ${possible.length}`]
      const records = possible.map((cell) => kernel.cells[cell.name])
      const failed = cells.filter((cell) => (kernel.cells[cell.name]?.exitCode ?? 0) !== 0)
      return [
        name,
        `${kernel.release}, ${processorOf(kernel)}`,
        `${records.filter((record) => record?.exitCode === 0).length} of ${possible.length}`,
        failed.length === 0 ? 'none' : failed.map((cell) => cell.name).join('; '),
        String(records.filter((record) => !record).length),
      ]
    }),
  )
}

const processorOf = (kernel: KernelRecord): string =>
  kernel.accelerator === 'tcg' ? 'emulated processor' : 'real processor'

/** The exit code of `timeout` if the command had to be ended. */
const timedOut = 124

/** A shell exits with 128 and the number of the signal that ended the command. */
const signalBase = 128

function cellText(kernel: string, cell: Cell, record: CellRecord | undefined): string {
  const needed = neededVersion(kernel, cell)
  if (needed !== undefined) return `needs ${needed}`
  if (!record) return 'not run'
  const { exitCode, seconds, date } = record
  if (exitCode === 0) return `passed, ${seconds} s (${date})`
  if (exitCode === timedOut) return `no verdict: not finished after ${seconds} s (${date})`
  if (exitCode > signalBase) return `no verdict: crashed with signal ${exitCode - signalBase} (${date})`
  return `failed, exit ${exitCode} (${date})`
}
