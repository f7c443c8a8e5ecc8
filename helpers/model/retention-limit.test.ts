import { expect, test } from 'vitest'
import { agentSchema } from '../config/agent-spec.ts'
import { retentionLimitOf } from './retention-limit.ts'

test.for([
  ['reference:immediate', 1],
  ['reference:alternating', 1],
  ['reference:last-seen', 1],
  ['reference:consecutive-miss', 2],
  ['reference:timestamp-guard-corrected', 1],
  ['reference:never-deletes', 2],
  ['npa:v1.4.1', 2],
  [{ command: ['true'] }, 2],
] as const)('the retention limit of %s is %i compare passes', ([agent, passes]) => {
  expect(retentionLimitOf(agentSchema.parse(agent))).toBe(passes)
})
