/** Writes the table of kernels and cells. */
import { markdownTable } from '../../helpers/text.ts'
import type { Cell, CellResult } from './cells.ts'

export interface KernelResult {
  readonly name: string
  /** The kernel's release and architecture, as the guest reports them. */
  readonly guest: string
  /** Of the cells that ended. */
  readonly results: readonly CellResult[]
}

/** @returns a table in Markdown: ✓ with the seconds that a cell took, ✗ with its exit code, – if it did not end */
export function tableOf(kernels: readonly KernelResult[], cells: readonly Cell[]): string {
  return markdownTable(
    ['kernel', 'release', ...cells.map(({ name }) => name)],
    kernels.map(({ name, guest, results }) => [
      name,
      guest,
      ...cells.map((_, index) => cellText(results.find((result) => result.index === index))),
    ]),
  )
}

function cellText(result: CellResult | undefined): string {
  if (!result) return '–'
  return result.exitCode === 0 ? `✓ ${result.seconds} s` : `✗ exit ${result.exitCode}`
}
