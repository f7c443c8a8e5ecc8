/** Tests what the model finds. Its rules describe only single passes, so none of these results is written into it. */
import { describe, expect, test } from 'vitest'
import { referenceAgents, type ReferenceAlgorithm } from '../agents/reference.ts'
import { parseSchedule, scheduleText } from '../schedule/schedule.ts'
import { unenforceable } from '../schedule/enforceable.ts'
import { explore } from './explore.ts'
import { runInModel } from './run.ts'
import type { Stamp } from './state.ts'

const explored = (algorithm: ReferenceAlgorithm, stamp: Stamp, depth = 12) =>
  explore({ algorithm: referenceAgents[algorithm].rules, stamp, transport: 'tcp' }, depth)

const losing = (algorithm: ReferenceAlgorithm, stamp: Stamp): string[] =>
  explored(algorithm, stamp).losing.map(scheduleText).toSorted()

describe('the shortest schedules in which the agent loses a live flow', () => {
  test('alternating: a reuse at any time between its snapshot and its delete', () => {
    expect(losing('alternating', 'none')).toEqual([
      'open expire hydrate hold:after-snapshot reuse release reply',
      'open expire hydrate hold:before-delete reuse release reply',
      'open hydrate expire hold:after-snapshot reuse release reply',
      'open hydrate expire hold:before-delete reuse release reply',
    ])
  })

  test('immediate: the same, without a hydrate', () => {
    expect(losing('immediate', 'none')).toEqual([
      'open expire hold:after-snapshot reuse release reply',
      'open expire hold:before-delete reuse release reply',
    ])
  })

  test('consecutive-miss: a reuse after the second snapshot that misses the flow', () => {
    const found = losing('consecutive-miss', 'none')
    expect(found).toContain('open hydrate expire compare hydrate hold:after-snapshot reuse release reply')
    expect(new Set(found.map((text) => text.split(' ').length))).toEqual(new Set([9]))
  })

  test('last-seen: only a reuse between its re-read and its delete', () => {
    expect(losing('last-seen', 'last-seen')).toEqual([
      'open expire hydrate hold:after-reread reuse release reply',
      'open expire hydrate hold:before-delete reuse release reply',
      'open hydrate expire hold:after-reread reuse release reply',
      'open hydrate expire hold:before-delete reuse release reply',
    ])
  })

  test('a guard with the wrong clock: a reuse after its snapshot too, whatever the datapath stamps', () => {
    const afterSnapshot = 'open hydrate expire hold:after-snapshot reuse release reply'
    expect(losing('timestamp-guard', 'last-seen')).toContain(afterSnapshot)
    expect(losing('timestamp-guard-corrected', 'last-seen')).not.toContain(afterSnapshot)
    // A stamp of the insert does not show a reuse, whatever the clock.
    expect(losing('timestamp-guard-corrected', 'added-at')).toContain(afterSnapshot)
  })

  test('never-deletes: none', () => {
    expect(losing('never-deletes', 'none')).toEqual([])
  })

  test('deletes-live: no reuse is needed', () => {
    expect(losing('deletes-live', 'none')).toEqual(['open hydrate compare reply'])
  })
})

describe('a stale entry is kept', () => {
  test.for([
    ['immediate', 'none', 1],
    ['alternating', 'none', 1],
    ['consecutive-miss', 'none', 2],
    ['timestamp-guard', 'added-at', 1],
    ['last-seen', 'last-seen', 1],
    ['deletes-late', 'none', 3],
    ['never-deletes', 'none', 'for ever'],
    ['short-key', 'none', 'for ever'],
  ] as const)('by %s for %s compare passes at most', ([algorithm, stamp, passes]) => {
    expect(explored(algorithm, stamp).retention).toBe(passes)
  })
})

test('every losing schedule can be enforced', () => {
  for (const algorithm of ['immediate', 'alternating', 'consecutive-miss', 'timestamp-guard', 'last-seen'] as const)
    for (const schedule of explored(algorithm, 'last-seen').losing) expect(unenforceable(schedule)).toBeUndefined()
})

test('every schedule is counted exactly once', () => {
  // The schedules of up to four steps, counted by hand: open reply; open expire/hydrate …
  const model = { algorithm: referenceAgents.alternating.rules, stamp: 'none', transport: 'tcp' } as const
  // open reply, open hydrate reply, open expire reuse reply, open hydrate compare reply.
  expect(explore(model, 4).schedules).toBe(4)
})

describe('running a schedule in the model', () => {
  const model = { algorithm: referenceAgents['last-seen'].rules, stamp: 'last-seen', transport: 'tcp' } as const

  test('shows what each look sees, and whether the reply is lost', () => {
    expect(runInModel(model, parseSchedule('open hydrate expire hold:after-reread reuse release reply'))).toEqual({
      kind: 'ran',
      lost: true,
      looks: [
        { moment: 'opened', kernel: true, map: true },
        { moment: 'expired', kernel: false, map: true },
        { moment: 'reused', kernel: true, map: true },
        { moment: 'passed', kernel: true, map: false },
      ],
    })
  })

  test('stops at a step that this agent cannot take', () => {
    const alternating = { algorithm: referenceAgents.alternating.rules, stamp: 'none', transport: 'tcp' } as const
    expect(runInModel(alternating, parseSchedule('open hydrate expire hold:after-reread reuse release reply'))).toEqual(
      {
        kind: 'stuck',
        index: 3,
        step: 'hold:after-reread',
      },
    )
  })

  test.for([
    ['last-seen', 'open hydrate expire hold:before-delete reuse release reply', { kind: 'ran', lost: true }],
    ['consecutive-miss', 'open hydrate expire compare hydrate hold:before-delete reuse release reply', { lost: true }],
    ['consecutive-miss', 'open hydrate expire hold:before-delete reuse release reply', { kind: 'stuck', index: 3 }],
    ['never-deletes', 'open hydrate expire hold:before-delete reuse release reply', { kind: 'stuck', index: 3 }],
    ['short-key', 'open hydrate expire hold:before-delete reuse release reply', { kind: 'stuck', index: 3 }],
    ['last-seen', 'open hydrate expire hold:after-snapshot reuse hold:before-delete release reply', { kind: 'stuck' }],
    ['alternating', 'open hydrate expire hold:after-snapshot reuse hold:before-delete release reply', { lost: true }],
  ] as const)('%s held before its delete: %s', ([algorithm, schedule, expected]) => {
    const held = { algorithm: referenceAgents[algorithm].rules, stamp: 'last-seen', transport: 'tcp' } as const
    expect(runInModel(held, parseSchedule(schedule))).toMatchObject(expected)
  })

  test('shows that closing a lost TCP flow restores its entry, because the reset is a packet of the client', () => {
    const schedule = parseSchedule('open hydrate expire hold:after-snapshot reuse release expire reuse reply')
    const lastExpiry = (transport: 'tcp' | 'udp') => {
      const ran = runInModel({ algorithm: referenceAgents.alternating.rules, stamp: 'none', transport }, schedule)
      return ran.kind === 'ran' && ran.looks.findLast(({ moment }) => moment === 'expired')
    }
    expect(lastExpiry('tcp')).toMatchObject({ map: true })
    expect(lastExpiry('udp')).toMatchObject({ map: false })
  })
})
