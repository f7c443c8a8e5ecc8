import { expect, test } from 'vitest'
import { exampleAttempt } from '../judge/example-attempt.ts'
import type { AttemptEvent } from '../history/event.ts'
import { judgeAttempt } from '../judge/judge-attempt.ts'
import { outcomeText } from './outcome-text.ts'

const textOf = (events: readonly AttemptEvent[]): string =>
  outcomeText(judgeAttempt(events, { window: 'after-snapshot', trigger: 'exact' }))

test('says how many replies were lost, with the first flow and the time to its delete', () => {
  expect(textOf(exampleAttempt({ lost: true }))).toBe(
    '1 of 1 replies lost (first: tcp 192.0.2.2:10000 → 198.51.100.2:8080, entry deleted 4 ms after the reuse)',
  )
  expect(textOf(exampleAttempt({ lost: false }))).toBe('0 of 1 replies lost')
})

test('says what each witness saw if they disagree', () => {
  const unseen = exampleAttempt({ lost: true }).filter(({ type }) => type !== 'verdict')
  expect(textOf(unseen)).toMatch(/; the witnesses of flow 0 disagree: client: no reply arrived/)
})

test('says why an attempt is invalid', () => {
  const cut = exampleAttempt({ lost: true }).filter(({ type }) => type !== 'agent.held')
  expect(textOf(cut)).toMatch(/^an invalid attempt: .* \(.*\)$/)
})
