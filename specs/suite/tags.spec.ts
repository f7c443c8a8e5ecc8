/** Tags on the command line: each tag selects a test, and a tag that does not exist is an error. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test as base } from 'vitest'
import { z } from 'zod'
import { filesThatName } from '../../fixtures/vitest/spec-files.ts'
import { tags, untaggedSpecs } from '../../fixtures/vitest/tags.ts'
import { cleanEnvironment, runRace } from './cli.ts'

const root = join(import.meta.dirname, '../..')

/** By spec file, the tags of each of its tests. */
const test = base.extend('tests', { scope: 'file' }, async () => {
  const options = { env: cleanEnvironment(), maxBuffer: 100e6 }
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'list-tags.ts')], options)
  return z.record(z.string(), z.array(z.array(z.string()))).parse(JSON.parse(stdout))
})

describe('tags of the specs', { timeout: 180_000 }, () => {
  test('each selects at least one', ({ tests }) => {
    const used = new Set(Object.values(tests).flat(2))
    expect([...used].toSorted()).toEqual(tags.map(({ name }) => name).toSorted())
  })

  test('a short run loads every spec that has a short test, and no other', ({ tests }) => {
    const short = Object.keys(tests).filter((file) => tests[file]?.some((each) => each.includes('short')))
    expect(filesThatName('short', ['specs/**/*.spec.ts'], root).toSorted()).toEqual(short.toSorted())
  })

  test('a run without a filter has nothing to run in the specs that it does not load', ({ tests }) => {
    for (const file of untaggedSpecs)
      expect(
        tests[file]?.filter(
          (each) => !each.some((tag) => ['production', 'soak', 'storm', 'releases', 'kind'].includes(tag)),
        ),
      ).toEqual([])
  })
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
