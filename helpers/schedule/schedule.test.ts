import { describe, expect, test } from 'vitest'
import { windows } from '../windows.ts'
import { lastWindow, parseSchedule, raceSchedule, retentionWithin, scheduleText } from './schedule.ts'

describe('the race', () => {
  test('reuses while the agent is held, and replies after it has gone on', () => {
    expect(scheduleText(raceSchedule('after-snapshot', 0))).toBe(
      'open hydrate expire hold:after-snapshot reuse release reply',
    )
  })

  test('lets the tuple be idle through whole compare passes before', () => {
    expect(scheduleText(raceSchedule('after-reread', 2))).toBe(
      'open hydrate expire compare hydrate compare hydrate hold:after-reread reuse release reply',
    )
  })
})

test('over-retention is judged after as many compare passes as were promised', () => {
  expect(scheduleText(retentionWithin(1))).toBe('open hydrate expire compare')
  expect(scheduleText(retentionWithin(2))).toBe('open hydrate expire compare hydrate compare')
})

test.for(windows)('a schedule with the window %s is read back from its text', (window) => {
  const schedule = raceSchedule(window, 1)
  expect(lastWindow(schedule)).toBe(window)
  expect(parseSchedule(`  ${scheduleText(schedule).replaceAll(' ', '\n ')} `)).toEqual(schedule)
})

test('a word that is no step is named', () => {
  expect(() => parseSchedule('open sleep reply')).toThrow('"sleep" is no step of a schedule; steps are open, hydrate')
})
