/**
 * Runs the suite on other kernels, in virtual machines:
 *
 *   npm run kernels [-- NAME…] [--cell CELL]…
 *
 * NAME is e.g. `5.10-amd64` (build.sh says what is possible); without one, every kernel of the matrix. Prints one table, and fails if any cell fails.
 * Each guest's output is in results/kernels/NAME.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cellNamed, cells, cellSeconds, parseResult, scriptOf, type Cell, type CellResult } from './cells.ts'
import { tableOf, type KernelResult } from './table.ts'

/** Kernels of EKS nodes (Amazon Linux 2 and 2023) and of laptops, and a new one; both architectures. Debian has no 5.15. */
const matrix = [
  '5.10-amd64',
  '6.1-amd64',
  '6.12-amd64',
  '7.2-amd64',
  '6.12-amd64-generic',
  '6.1-arm64',
  '6.12-arm64',
  '6.12-arm64-16k',
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cell: { type: 'string', multiple: true, default: [] } },
})
const here = fileURLToPath(new URL('.', import.meta.url))
const names = positionals.length > 0 ? positionals : matrix
const chosen = values.cell.length > 0 ? values.cell.map(cellNamed) : cells
/** A guest boots in seconds, and in minutes if the machine has other jobs. */
const bootSeconds = 600
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Runs a script next to this file. @returns its exit code */
function script(file: string, args: readonly string[], onLine: (line: string) => void): Promise<number> {
  const env = { ...process.env, LIMIT: String(bootSeconds + chosen.length * cellSeconds) }
  const child = spawn(join(here, file), args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  createInterface({ input: child.stdout }).on('line', onLine)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

async function onKernel(name: string, run: readonly Cell[]): Promise<KernelResult> {
  const folder = join(here, '../../results/kernels', name)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'script')
  writeFileSync(file, scriptOf(run))
  const results: CellResult[] = []
  let guest = 'did not boot'
  await script('boot.sh', [name, file, folder], (line) => {
    guest = /guest: (\S+ \S+), .*up/.exec(line)?.[1] ?? guest
    const result = parseResult(line)
    if (!result) return
    results.push(result)
    say(
      `${name}: ${run[result.index]?.name} ${result.exitCode === 0 ? 'passed' : `failed (exit ${result.exitCode})`} in ${result.seconds} s`,
    )
  })
  return { name, guest, results }
}

const built = await script('build.sh', names, say)
if (built !== 0) process.exit(built)
const all: KernelResult[] = []
for (const name of names) all.push(await onKernel(name, chosen))
say('')
say(tableOf(all, chosen))
say('')
say(`emulated on Linux ${release()}; the output of each cell is in results/kernels/NAME`)
process.exitCode = all.every(
  ({ results }) => results.length === chosen.length && results.every(({ exitCode }) => exitCode === 0),
)
  ? 0
  : 1
