/** Tags on the command line: each tag selects a test, and a tag that does not exist is an error. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { tags } from '../../fixtures/vitest/tags.ts'
import { cleanEnvironment, runRace } from './cli.ts'

test('every tag selects at least one spec', { timeout: 180_000 }, async () => {
  const env = cleanEnvironment()
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'list-tags.ts')], { env })
  const counts = z.record(z.string(), z.int()).parse(JSON.parse(stdout))
  expect(Object.keys(counts)).toEqual(tags.map(({ name }) => name))
  expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([])
})

test('specs/race with the tag short is a complete run: exit 0', { tags: ['lab', 'short'] }, async () => {
  const { exitCode, output, summary } = await runRace({}, { args: ['specs/race', '--tags-filter=short'] })
  expect(exitCode, output).toBe(0)
  expect(summary?.cohorts.map(({ role, attempts }) => `${role} ${attempts}`)).toEqual(['control 2', 'subject 2'])
})

test('a tag that does not exist: exit 3, and the output lists the tags', async () => {
  const { exitCode, output, history } = await runRace({}, { args: ['specs/race', '--tags-filter=shrt'] })
  expect(exitCode, output).toBe(3)
  expect(output).toMatch(
    /^--tags-filter: there is no tag shrt; no test was run\. The tags are:\n {2}short +unit tests/m,
  )
  expect(history).toBeUndefined()
})
