import { expect, test } from 'vitest'
import { agentName } from './agent-spec.ts'
import { cohortsOf } from './cohorts.ts'
import { parseConfig } from './parse-config.ts'

function cohorts(env: Record<string, string> = {}) {
  const parsed = parseConfig({ env })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return cohortsOf(parsed.config)
}

const summaries = (env?: Record<string, string>) =>
  cohorts(env).map((plan) =>
    [plan.role, agentName(plan.agent), plan.window, plan.idlePasses, plan.expect, plan.passes, plan.stamp].join(' '),
  )

test('if no agent is set, the subject is the released fix, and the control is an agent known to lose', () => {
  expect(summaries()).toEqual([
    'control reference:alternating after-snapshot 0 lost demand none',
    'subject reference:last-seen after-snapshot 0 survives demand last-seen',
  ])
})

test('if an agent is set, it is the subject; the control does not change', () => {
  const env = {
    RACE_AGENT: 'reference:timestamp-guard',
    RACE_WINDOW: 'after-reread',
    RACE_EXPECT: 'lost',
    RACE_IDLE_PASSES: '2',
    RACE_IP: '6',
    RACE_PASSES: 'own',
  }
  expect(summaries(env)).toEqual([
    'control reference:alternating after-snapshot 0 lost demand none',
    'subject reference:timestamp-guard after-reread 2 lost own added-at',
  ])
})

test('a command gets the configured map layout and runs on its own timer', () => {
  const env = { RACE_AGENT: '{ command: [./agent] }', RACE_MAP_LAYOUT: '24/1' }
  expect(summaries(env)[1]).toBe('subject command:./agent after-snapshot 0 survives own none')
  expect(summaries({ ...env, RACE_MAP_LAYOUT: '24/16' })[1]).toBe(
    'subject command:./agent after-snapshot 0 survives own last-seen',
  )
})

test.for([
  ['open hydrate expire hold:after-snapshot reuse release reply', 'race'],
  ['open hydrate expire hold:after-reread reuse release reply', 'race'],
  ['open hydrate compare reply', 'schedule'],
] as const)('the schedule "%s" has the purpose "%s"', ([schedule, purpose]) => {
  expect(cohorts({ RACE_SCHEDULE: schedule })[1]).toMatchObject({ purpose })
})
