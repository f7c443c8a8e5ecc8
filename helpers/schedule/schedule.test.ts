import { describe, expect, test } from 'vitest'
import { windows } from '../windows.ts'
import { lastWindow, parseSchedule, raceSchedule, retentionWithin, scheduleText } from './schedule.ts'

describe('the race', () => {
  test('reuses the flow while the agent is held, and replies after the release', () => {
    expect(scheduleText(raceSchedule('after-snapshot', 0))).toBe(
      'open hydrate expire hold:after-snapshot reuse release reply',
    )
  })

  test('keeps the tuple idle during whole compare passes before the reuse', () => {
    expect(scheduleText(raceSchedule('after-reread', 2))).toBe(
      'open hydrate expire compare hydrate compare hydrate hold:after-reread reuse release reply',
    )
  })
})

test('over-retention is tested after the number of compare passes within which a stale entry must be deleted', () => {
  expect(scheduleText(retentionWithin(1))).toBe('open hydrate expire compare')
  expect(scheduleText(retentionWithin(2))).toBe('open hydrate expire compare hydrate compare')
})

test.for(windows)('a schedule with the window %s is parsed from its own text form', (window) => {
  const schedule = raceSchedule(window, 1)
  expect(lastWindow(schedule)).toBe(window)
  expect(parseSchedule(`  ${scheduleText(schedule).replaceAll(' ', '\n ')} `)).toEqual(schedule)
})

test('the error names a word that is not a step', () => {
  expect(() => parseSchedule('open sleep reply')).toThrow(
    '"sleep" is not a step of a schedule; the steps are open, hydrate',
  )
})
