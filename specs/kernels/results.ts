/**
 * The file `results.json`: how each cell ended the last time on each kernel. `npm run kernels` updates it, and `npm run docs` writes the tables
 * of the README files from it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { CellResult } from './cells.ts'

const cellRecord = z.strictObject({
  exitCode: z.int().min(0).max(255),
  seconds: z.int().min(0),
  /** The day on which the cell ran. */
  date: z.iso.date(),
})

const kernelRecord = z.strictObject({
  /** What `uname -r` prints in the guest. */
  release: z.string(),
  /** `tcg` is an emulated processor; `kvm` is the one of the machine. */
  accelerator: z.enum(['tcg', 'kvm']),
  /** Keyed by the cell's name. */
  cells: z.record(z.string(), cellRecord),
})

const resultsSchema = z.record(z.string(), kernelRecord)

export type CellRecord = z.infer<typeof cellRecord>
export type KernelRecord = z.infer<typeof kernelRecord>
/** Keyed by the kernel's name, e.g. `6.12-amd64`. */
export type Results = z.infer<typeof resultsSchema>

/** A run of some cells on one kernel. */
export interface KernelRun {
  readonly name: string
  readonly release: string
  readonly accelerator: KernelRecord['accelerator']
  readonly date: string
  /** Names of the cells that were to run. */
  readonly chosen: readonly string[]
  /** Of the cells that ended; `index` counts in `chosen`. */
  readonly results: readonly CellResult[]
}

/**
 * Returns the results with those of a run. A cell of the run that did not end loses its earlier result, because that may no longer hold. All
 * earlier results are dropped if the kernel or the accelerator is a different one.
 */
export function withRun(before: Results, run: KernelRun): Results {
  const { name, release, accelerator, date, chosen, results } = run
  const known = before[name]
  const same = known?.release === release && known.accelerator === accelerator
  const kept = Object.entries(same ? known.cells : {}).filter(([cell]) => !chosen.includes(cell))
  const added = results.flatMap(({ index, exitCode, seconds }): [string, CellRecord][] => {
    const cell = chosen[index]
    return cell === undefined ? [] : [[cell, { exitCode, seconds, date }]]
  })
  return { ...before, [name]: { release, accelerator, cells: Object.fromEntries([...kept, ...added]) } }
}

const file = new URL('results.json', import.meta.url)

/** @throws z.ZodError if the file does not have the form above */
export const readResults = (): Results => resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))

export const writeResults = (results: Results): void =>
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`)
