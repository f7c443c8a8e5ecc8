/**
 * Builds the agent of a checkout into the cache, where a run that starts later finds it. The gate does this as the user of the job, so that the run, which
 * needs root, builds nothing. Arguments: the checkout, the folder for the output of a build that failed, and the file for the reason.
 */
import { writeFileSync } from 'node:fs'
import { buildAgent } from '../../fixtures/agents/npa/build-agent.ts'
import { exitCodes } from '../../helpers/judge/summary.ts'
import { errorText, UserError } from '../../helpers/user-error.ts'
import { windows } from '../../helpers/windows.ts'

const [source = '', logFolder = '', reasonFile = ''] = process.argv.slice(2)
const words = (text = ''): string[] => text.split(/[\s,]+/).filter(Boolean)

try {
  const known: readonly string[] = windows
  const unknown = words(process.env['GATE_WINDOWS']).find((window) => !known.includes(window))
  if (unknown !== undefined)
    throw new UserError(`windows: there is no window ${unknown}; the windows are ${windows.join(', ')}`)
  await buildAgent({
    source,
    goReplace: words(process.env['GATE_GO_REPLACE']),
    logFolder,
    progress: (line) => void process.stdout.write(`${line}\n`),
  })
} catch (error) {
  const reason = errorText(error)
  process.stderr.write(`${reason}\n`)
  writeFileSync(reasonFile, reason)
  process.exitCode = exitCodes.error
}
