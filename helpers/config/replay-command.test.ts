import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { parseConfig } from './parse-config.ts'
import { replayCommand, shellQuoted, toEnvironment } from './replay-command.ts'
import type { Config } from './schema.ts'

function configOf(env: Record<string, string>): Config {
  const parsed = parseConfig({ env })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.config
}

const typed = ['npx', 'vitest', 'run', 'specs/race']

test('the default configuration needs no variables', () => {
  expect(replayCommand(configOf({}), typed)).toBe('npx vitest run specs/race')
})

test('the command has every setting that changes the run, quoted, and none that changes only the output', () => {
  const config = configOf({
    RACE_AGENT: "{ command: [sh, -c, 'it''s'] }",
    RACE_ITERATIONS: '3',
    RACE_VERBOSE: 'true',
    RACE_RESULTS_DIR: '/tmp/x',
  })
  expect(replayCommand(config, typed)).toBe(
    String.raw`RACE_ITERATIONS=3 RACE_AGENT='{"command":["sh","-c","it'\''s"]}' RACE_PASSES=own npx vitest run specs/race`,
  )
})

test('the command has the same arguments for vitest', () => {
  expect(replayCommand(configOf({ RACE_IP: '6' }), [...typed, '-t', 'attempt 1'])).toBe(
    "RACE_IP=6 npx vitest run specs/race -t 'attempt 1'",
  )
})

test('plain words are not quoted', () => {
  expect([shellQuoted('reference:last-seen'), shellQuoted('a b'), shellQuoted('')]).toEqual([
    'reference:last-seen',
    "'a b'",
    "''",
  ])
})

const settings = fc.record(
  {
    RACE_ITERATIONS: fc.integer({ min: 1, max: 10_000 }).map(String),
    RACE_NAMESPACE: fc.string({ minLength: 1 }),
    RACE_WINDOW: fc.constantFrom('after-snapshot', 'after-reread'),
    RACE_IP: fc.constantFrom('4', '6'),
    RACE_SCHEDULE: fc.constantFrom('open reply', 'open hydrate expire hold:after-snapshot reuse release reply'),
    RACE_VERBOSE: fc.constantFrom('true', 'false'),
    RACE_AGENT: fc.oneof(
      fc.constantFrom('reference:immediate', 'npa:v1.4.1'),
      fc.array(fc.string(), { minLength: 1 }).map((command) => JSON.stringify({ command })),
    ),
  },
  { requiredKeys: [] },
)

test.prop([settings])('the environment variables of a configuration give the same configuration again', (env) => {
  const config = configOf(env)
  expect(configOf(toEnvironment(config))).toEqual(config)
})
