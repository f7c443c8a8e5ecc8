/** Tags on the command line: each selects something, and one that does not exist is an error. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { filesThatName } from '../../fixtures/vitest/spec-files.ts'
import { tags } from '../../fixtures/vitest/tags.ts'
import { cleanEnvironment, runRace } from './cli.ts'

const root = join(import.meta.dirname, '../..')

test(
  'every tag selects at least one spec, and a short run loads every spec that has a short test',
  { timeout: 180_000 },
  async () => {
    const env = cleanEnvironment()
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'list-tags.ts')], { env })
    const files = z.record(z.string(), z.array(z.string())).parse(JSON.parse(stdout))
    expect(Object.keys(files)).toEqual(tags.map(({ name }) => name))
    expect(Object.entries(files).filter(([, found]) => found.length === 0)).toEqual([])
    expect(filesThatName('short', ['specs/**/*.spec.ts'], root).toSorted()).toEqual(files['short']?.toSorted())
  },
)

test('the tag short of specs/race is a whole run: exit 0', { tags: ['lab', 'short'] }, async () => {
  const { exitCode, output, summary } = await runRace({}, { args: ['specs/race', '--tags-filter=short'] })
  expect(exitCode, output).toBe(0)
  expect(summary?.cohorts.map(({ role, attempts }) => `${role} ${attempts}`)).toEqual(['control 2', 'subject 2'])
})

test('a tag that does not exist: exit 3, and the tags that do', async () => {
  const { exitCode, output, history } = await runRace({}, { args: ['specs/race', '--tags-filter=shrt'] })
  expect(exitCode, output).toBe(3)
  expect(output).toMatch(
    /^--tags-filter: there is no tag shrt; no test was run\. The tags are:\n {2}short +unit tests/m,
  )
  expect(history).toBeUndefined()
})
