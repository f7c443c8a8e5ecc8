import { describe, expect, test } from 'vitest'
import { allCapabilities, unenforceable, type Capabilities } from './enforceable.ts'
import { windows } from '../windows.ts'
import { controlSchedules, parseSchedule, raceSchedule, symptomSchedule } from './schedule.ts'

const why = (text: string): string | undefined => {
  const found = unenforceable(parseSchedule(text))
  return found && `${found.index} ${found.step ?? 'end'}: ${found.why}`
}

test('the schedules of the suite can be run', () => {
  const schedules = [
    ...windows.flatMap((window) => [0, 1, 3].map((passes) => raceSchedule(window, passes))),
    ...Object.values(controlSchedules),
    symptomSchedule,
  ]
  expect(schedules.map((schedule) => unenforceable(schedule))).toEqual(schedules.map(() => undefined))
})

test.for(['after-reread', 'before-delete'])('the agent can be held after its snapshot, and then again %s', (window) => {
  expect(why(`open hydrate expire hold:after-snapshot hold:${window} reuse release reply`)).toBeUndefined()
})

describe('the first step that cannot be enforced is named, with the reason', () => {
  test.for([
    ['hydrate open reply', '0 hydrate: a schedule must begin with "open"'],
    ['open open reply', '1 open: the wave can be opened only once'],
    ['open reuse reply', '1 reuse: the 5-tuple is in use'],
    ['open expire expire reply', '2 expire: no flow is in the kernel’s table'],
    ['open expire reply', '2 reply: no flow is in use'],
    ['open hydrate hold:after-snapshot compare', '3 compare: the agent is held'],
    ['open hydrate hold:after-snapshot reply', '3 reply: the agent is held'],
    ['open hydrate hold:after-reread hold:after-snapshot', '3 hold:after-snapshot: the agent is already held'],
    ['open hydrate hold:after-reread expire', '3 expire: after a re-read the agent is held for one flow'],
    ['open hydrate hold:after-reread hold:before-delete', '3 hold:before-delete: the agent is already held'],
    ['open hydrate hold:before-delete expire', '3 expire: before a delete the agent is held for one flow'],
    ['open release', '1 release: the agent is not held'],
    ['open reply hydrate', '2 hydrate: "reply" must be the last step'],
    ['open heal', '1 heal: "heal" must come after "reply"'],
    ['open hydrate', '2 end: "reply" is missing'],
  ] as const)('%s', ([text, expected]) => {
    expect(why(text)).toContain(expected)
  })
})

test.for<[keyof Capabilities, string, string]>([
  ['restartAgent', 'open hydrate restart reply', '2 restart: the agent of a cluster cannot be restarted'],
  ['readNode', 'open hydrate expire reuse:observed reply', '3 reuse:observed: the run may not look at'],
  [
    'changeNode',
    'open hydrate expire hold:after-snapshot reuse release reply',
    '3 hold:after-snapshot: only a run that may change',
  ],
])('without %s, "%s" cannot be run', ([missing, text, expected]) => {
  const found = unenforceable(parseSchedule(text), { ...allCapabilities, [missing]: false })
  expect(`${found?.index} ${found?.step}: ${found?.why}`).toContain(expected)
  expect(unenforceable(parseSchedule(text))).toBeUndefined()
})
