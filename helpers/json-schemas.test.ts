import { Ajv2020 } from 'ajv/dist/2020.js'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { configSchema } from './config/schema.ts'
import { parseConfig } from './config/parse-config.ts'
import { eventSchema } from './history/event.ts'
import { jsonSchemas, schemaText } from './json-schemas.ts'
import { exampleAttempt, exampleCohort, exampleRun } from './judge/example-attempt.ts'
import { judgedRun, loser, survivor } from './judge/example-run.ts'

const root = new URL('../', import.meta.url)
const ajv = new Ajv2020({ strict: true, validateFormats: false, allErrors: true })

/** Returns what a schema says against a value; nothing if it accepts it. */
const validator = (name: string): ((value: unknown) => string) => {
  const validate = ajv.compile(jsonSchemas[`schemas/${name}.schema.json`] ?? false)
  return (value) => (validate(value) ? '' : ajv.errorsText(validate.errors))
}
const problemsOfConfig = validator('config')
const problemsOfLine = validator('history-line')
const problemsOfSummary = validator('summary')

test.for(Object.entries(jsonSchemas))('%s is current; if not: npm run docs', ([file, schema]) => {
  expect(readFileSync(new URL(file, root), 'utf8')).toBe(schemaText(schema))
})

const examples = readdirSync(new URL('examples/', root)).filter((name) => name.endsWith('.yaml'))

test('there are example configurations', () => expect(examples).not.toEqual([]))

test.for(examples)('examples/%s names the schema, which accepts it, and so does a run', (name) => {
  const text = readFileSync(new URL(`examples/${name}`, root), 'utf8')
  expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/config\.schema\.json\n/)
  expect(problemsOfConfig(parse(text))).toBe('')
  expect(parseConfig({ file: { name, text }, env: {} })).toMatchObject({ ok: true })
})

describe('a configuration', () => {
  test.for([
    {},
    { agent: 'reference:last-seen', ip: 6, kernel_timeout: 2 },
    { agent: { command: ['./my-agent'] }, go_replace: ['a.b/c=./c'] },
    { go_replace: 'a.b/c=v1.0.0', kind_cluster: 'mine' },
  ])('%j is accepted, as by a run', (value) => {
    expect(problemsOfConfig(value)).toBe('')
    const { kind_cluster: cluster, ...rest } = value as { kind_cluster?: string }
    expect(configSchema.safeParse({ ...rest, ...(cluster !== undefined && { cluster }) }).success).toBe(true)
  })

  test.for([
    [{ windw: 'after-snapshot' }, 'must NOT have additional properties'],
    [{ window: 'whenever' }, 'data/window must be equal to one of the allowed values'],
    [{ kernel_timeout: 0 }, 'data/kernel_timeout must be >= 1'],
    [{ iterations: '10' }, 'data/iterations must be integer'],
    [{ agent: 'reference:nope' }, 'data/agent must be equal to one of the allowed values'],
    [{ agent: { command: [] } }, 'data/agent/command must NOT have fewer than 1 items'],
  ] as const)('%j is refused, as by a run', ([value, why]) => {
    expect(problemsOfConfig(value)).toContain(why)
    expect(configSchema.safeParse(value).success).toBe(false)
  })

  test('the defaults are in the schema', () => {
    const { properties } = jsonSchemas['schemas/config.schema.json'] ?? {}
    const set = Object.entries(configSchema.parse({})).filter(([, value]) => value !== undefined)
    expect(properties).toMatchObject(Object.fromEntries(set.map(([field, value]) => [field, { default: value }])))
  })
})

describe('a line of a history', () => {
  const lines = [exampleRun, exampleCohort({}), ...exampleAttempt({ lost: true })]

  test.for(lines)('$type is accepted', (event) => expect(problemsOfLine(event)).toBe(''))

  test.for([
    { ...lines[0], at: 'now' },
    { ...lines[0], at: -1 },
    { ...lines[1], cleanupPeriod: 0 },
    { ...lines[2], more: true },
    { type: 'attempt.began', at: 1, attempt: 'a' },
  ])('%j is refused, as by the reader', (event) => {
    expect(problemsOfLine(event)).not.toBe('')
    expect(eventSchema.safeParse(event).success).toBe(false)
  })
})

test('a summary is accepted, and refused if a field is wrong', () => {
  const summary = judgedRun({ iterations: 2 }, survivor(1), loser(2))
  expect(problemsOfSummary(JSON.parse(JSON.stringify(summary)))).toBe('')
  expect(problemsOfSummary({ ...summary, exitCode: 4 })).toContain('data/exitCode')
  expect(problemsOfSummary({ ...summary, verdicts: [] })).toContain('must NOT have additional properties')
})
