/** The sources of a user's project, as texts: specs, a program, and the configuration of TypeScript. */

export const ordinarySpec = `
import { expect, test } from 'vitest'

test('has the limit of vitest, and no listener of npa-race', ({ task }) => {
  expect(task.timeout).toBe(5_000)
  expect(process.listenerCount('SIGTERM')).toBe(0)
})
`

export const raceSpec = `
import { cohorts, describe, expect, raceSchedule, test } from 'npa-race/test'

for (const cohort of cohorts)
  describe(cohort.role, () => {
    test.override('cohort', cohort)
    test('is as expected', async ({ cohortRun }) => {
      const verdict = await cohortRun.attempt('race', raceSchedule('after-snapshot', 0))
      if (cohort.expect === 'lost') expect(verdict).toLoseAFlow()
      else expect(verdict).toKeepEveryFlow()
    })
  })
`

/** Uses the pure parts, and tags that the project defines itself. */
export const program = `
import { readFileSync } from 'node:fs'
import { parseAgentLog, type AgentLogLine } from 'npa-race/agent-log'
import { judgeRun, readHistory, summaryText } from 'npa-race/judge'

declare module 'vitest' {
  interface TestTags {
    tags: 'database'
  }
}

const line: AgentLogLine | undefined = parseAgentLog('no line of the agent')
if (line) throw new Error(line.kind)
process.stdout.write(summaryText(judgeRun(readHistory(readFileSync('results/latest/history.jsonl', 'utf8')))))
`

export const typescript = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable', 'esnext.collection'],
    strict: true,
    noEmit: true,
    types: ['node'],
  },
  include: ['**/*.ts'],
}
