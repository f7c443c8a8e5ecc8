/**
 * Runs the suite on other kernels, in virtual machines:
 *
 *   npm run kernels [-- NAME…] [--cell CELL]…
 *
 * NAME is e.g. `5.10-amd64` (build.sh says what is possible); without one, every kernel of the matrix. Prints one table. Exits with 1 if a cell fails or
 * does not end, and with 3 if the guests cannot be built.
 * Each guest's output is in results/kernels/NAME. Updates results.json after each kernel, so that a run which is stopped keeps what it has.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildAgents } from './agents.ts'
import {
  neededVersion,
  cellNamed,
  cells,
  cellSeconds,
  matrix,
  parseResult,
  scriptOf,
  type Cell,
  type CellResult,
} from './cells.ts'
import { readResults, withRun, writeResults, type KernelRun } from './results.ts'
import { resultsTable } from './table.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cell: { type: 'string', multiple: true, default: [] } },
})
const here = fileURLToPath(new URL('.', import.meta.url))
const names = positionals.length > 0 ? positionals : matrix
const chosen = values.cell.length > 0 ? values.cell.map(cellNamed) : cells
/** A guest boots in seconds, and in minutes if the machine has other jobs. */
const bootSeconds = 600
/** The exit code if no cell could run. */
const nothingRan = 3
const accelerator = process.env['ACCELERATOR'] === 'kvm' ? 'kvm' : 'tcg'
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Runs a script next to this file. @returns its exit code */
function script(
  file: string,
  args: readonly string[],
  onLine: (line: string) => void,
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  const env = { ...process.env, LIMIT: String(bootSeconds + chosen.length * cellSeconds), ...more }
  const child = spawn(join(here, file), args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  createInterface({ input: child.stdout }).on('line', onLine)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

async function onKernel(name: string, run: readonly Cell[]): Promise<KernelRun> {
  const folder = join(here, '../../results/kernels', name)
  // The files of an earlier guest must not be taken for those of one that does not boot.
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'script')
  writeFileSync(file, scriptOf(run))
  const results: CellResult[] = []
  let guest = 'did not boot'
  await script('boot.sh', [name, file, folder], (line) => {
    guest = /guest: (\S+) \S+, .*up/.exec(line)?.[1] ?? guest
    const result = parseResult(line)
    if (!result) return
    results.push(result)
    say(
      `${name}: ${run[result.index]?.name} ${result.exitCode === 0 ? 'passed' : `failed (exit ${result.exitCode})`} in ${result.seconds} s`,
    )
  })
  const date = new Date().toISOString().slice(0, 10)
  return { name, release: guest, accelerator, date, chosen: run.map((cell) => cell.name), results }
}

const agents = chosen.some(({ runsAgent }) => runsAgent) ? await buildAgents(names, say) : {}
const built = await script('build.sh', names, say, agents)
if (built !== 0) {
  process.stderr.write('no kernel was booted, because the guests could not be built; the lines above say why\n')
  process.exit(nothingRan)
}
const all: KernelRun[] = []
for (const name of names) {
  const run = await onKernel(
    name,
    chosen.filter((cell) => neededVersion(name, cell) === undefined),
  )
  all.push(run)
  // A guest that was ended from outside has shown nothing.
  if (run.results.length > 0) writeResults(withRun(readResults(), run))
}
say('')
say(resultsTable(all.reduce(withRun, {})))
say('')
say(
  `on Linux ${release()}; the output of each cell is in results/kernels/NAME. \`npm run docs\` updates the tables of the README files.`,
)
process.exitCode = all.every(
  ({ results, chosen: run }) => results.length === run.length && results.every(({ exitCode }) => exitCode === 0),
)
  ? 0
  : 1
