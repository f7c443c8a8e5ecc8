import { describe, expect, test } from 'vitest'
import { UserError } from '../user-error.ts'
import { neededConsent, withConsent } from './replay-consent.ts'

const command = 'npx npa-race replay results/latest --attempt 3'
const hostile = '{"command":["sh","-c","id > /tmp/it"]}'
const replayed = (settings: Record<string, string>, given: Record<string, string> = {}, own = given) =>
  withConsent(settings, given, () => own, command)

test.for([
  { RACE_AGENT: 'reference:alternating', RACE_WINDOW: 'after-reread' },
  { RACE_AGENT: 'npa:v1.4.3-rc1' },
  { RACE_TARGET: 'kind', RACE_ALLOW_NODE_CHANGES: 'true', RACE_PROBE_IMAGE: 'npa-race/probe:local' },
])('%j is taken from the history', (settings) => {
  expect(replayed(settings)).toEqual(settings)
})

test.for([
  { RACE_AGENT: hostile },
  { RACE_AGENT: 'npa:/tmp/checkout' },
  { RACE_AGENT: 'npa:v1/../checkout' },
  { RACE_GO_REPLACE: 'github.com/aws/aws-ebpf-sdk-go=v1.0.15' },
  { RACE_IMAGE: 'registry.example/client' },
  { RACE_PROBE_IMAGE: 'registry.example/probe' },
  { RACE_NODE_IMAGE: 'registry.example/node' },
  { RACE_TARGET: 'kubeconfig', RACE_ALLOW_NODE_CHANGES: 'true' },
  { RACE_TARGET: 'kind', RACE_CLUSTER: 'mine', RACE_ALLOW_NODE_CHANGES: 'true' },
])('%j is refused, unless the caller repeats it', (settings) => {
  const needed = neededConsent(settings)
  expect(needed).toHaveLength(1)
  expect(() => replayed(settings)).toThrow(UserError)
  expect(() => replayed(settings)).toThrow(`If you trust it, repeat the setting:\n  ${needed[0]?.[0]}=`)
  expect(() => replayed(settings)).toThrow(command)
  expect(() => replayed(settings, Object.fromEntries(needed))).not.toThrow()
})

describe('consent to the agent of a history', () => {
  test('is not needed if the caller sets another agent', () => {
    const settings = { RACE_AGENT: hostile, RACE_IP: '6' }
    expect(replayed(settings, { RACE_AGENT: '{"command":["./mine"]}' })).toEqual({ RACE_IP: '6' })
  })

  test('is given if the caller’s configuration file sets the same agent', () => {
    const settings = { RACE_AGENT: 'npa:../checkout' }
    expect(replayed(settings, {}, settings)).toEqual(settings)
    expect(() => replayed(settings, {}, { RACE_AGENT: 'npa:../another' })).toThrow(UserError)
  })
})
