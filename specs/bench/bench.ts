/**
 * `npm run bench [-- GROUP…]`: prints how fast the suite is, each figure with a floor from the same run. Use an idle machine. A missed goal is not an error.
 * With `--record-costs`, the group `cleanups` also writes the costs of the cleanups for the table in specs/cleanup/README.md.
 */
import { fileURLToPath } from 'node:url'
import { Argument, Command } from 'commander'
import { run } from '../../fixtures/system/command.ts'
import { attemptFigures } from './attempts.ts'
import { cleanupFigures, measureCleanups, recordCosts } from './cleanup-figures.ts'
import { figureLines, type Figure } from './figure.ts'
import { logFigures } from './logs.ts'
import { modelFigures } from './model.ts'
import { observationFigure } from './observation.ts'
import { realAgentFigures } from './real-agent.ts'
import { reportFigures } from './report.ts'
import { startFigures } from './start.ts'

const tables = fileURLToPath(new URL('tables.ts', import.meta.url))
const watch = fileURLToPath(new URL('watch.ts', import.meta.url))
const inWatchNamespace = `mount -t bpf bpf /mnt && exec "$0" "$1" /mnt`

/** Runs a program that prints its figures. Its name space is new, so that the sizes of conntrack's tables are its own. */
const figuresOf = async (command: readonly string[], timeoutSeconds: number): Promise<Figure[]> =>
  JSON.parse(await run('unshare', ['--net', ...command], { timeoutSeconds })) as Figure[]

/** What is measured, by name, in the order in which it is printed. */
const groups: Readonly<Record<string, (options: { recordCosts?: true }) => Promise<Figure[]>>> = {
  model: async () => modelFigures(),
  attempts: attemptFigures,
  agent: realAgentFigures,
  observation: async () => [await observationFigure()],
  tables: () => figuresOf([process.execPath, tables], 60),
  cleanups: async ({ recordCosts: record }) => {
    const cleanups = await measureCleanups()
    if (record) recordCosts(cleanups)
    return cleanupFigures(cleanups)
  },
  watch: () => figuresOf(['--mount', 'sh', '-c', inWatchNamespace, process.execPath, watch], 300),
  start: startFigures,
  report: reportFigures,
  logs: logFigures,
}

const bench = new Command('bench')
  .description('Prints how fast the suite is, each figure next to a floor that is measured in the same run')
  .addArgument(new Argument('[group...]', 'what to measure (default: everything)').choices(Object.keys(groups)))
  .option('--record-costs', 'write the costs of the cleanups for the table in specs/cleanup/README.md')
  .action(async (names: readonly string[], options: { recordCosts?: true }) => {
    for (const [name, measure] of Object.entries(groups)) {
      if (names.length > 0 && !names.includes(name)) continue
      for (const figure of await measure(options)) process.stdout.write(`${figureLines(figure)}\n`)
    }
  })
await bench.parseAsync()
