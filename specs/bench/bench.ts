/**
 * `npm run bench`: prints how fast the suite is, each figure with a floor from the same run. Use an idle machine. A missed goal is not an error.
 * With `-- --record-costs` it also writes the costs of the cleanups for the table in specs/cleanup/README.md.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
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

const { values } = parseArgs({ options: { 'record-costs': { type: 'boolean' } } })

const print = (figures: readonly Figure[]): void => {
  for (const figure of figures) process.stdout.write(`${figureLines(figure)}\n`)
}

print(modelFigures())
print(await attemptFigures())
print(await realAgentFigures())
print([await observationFigure()])
const tables = fileURLToPath(new URL('tables.ts', import.meta.url))
print(JSON.parse(await run('unshare', ['--net', process.execPath, tables])) as Figure[])
const cleanups = await measureCleanups()
print(cleanupFigures(cleanups))
if (values['record-costs']) recordCosts(cleanups)
const watch = fileURLToPath(new URL('watch.ts', import.meta.url))
const inWatchNamespace = `mount -t bpf bpf /mnt && exec "$0" "$1" /mnt`
print(
  JSON.parse(
    await run('unshare', ['--net', '--mount', 'sh', '-c', inWatchNamespace, process.execPath, watch], {
      timeoutSeconds: 300,
    }),
  ) as Figure[],
)
print(await startFigures())
print(await reportFigures())
print(await logFigures())
