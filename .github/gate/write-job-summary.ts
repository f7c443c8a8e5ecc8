/** Prints the summary of the gate's job. Arguments: the folder of the results, and WINDOW=EXIT-CODE for each window in it. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { summarySchema, type Summary } from '../../helpers/judge/summary.ts'
import { jobSummary } from '../../helpers/report/job-summary.ts'

const [folder = '', ...judged] = process.argv.slice(2)

/** @returns undefined if the run of this window ended before it wrote a summary */
function summaryOf(window: string): Summary | undefined {
  const file = join(folder, window, 'latest/summary.json')
  return existsSync(file) ? summarySchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
}

const runs = judged.map((text) => {
  const [window = '', code] = text.split('=')
  return { window, exitCode: Number(code), summary: summaryOf(window) }
})
process.stdout.write(jobSummary(runs, basename(folder)))
