import { expect, test } from 'vitest'
import type { AttemptEvent } from '../../history/event.ts'
import { exampleAttempt } from '../../judge/example-attempt.ts'
import { ns } from '../../units.ts'
import { logLines } from './log-lines.ts'

const attempt = exampleAttempt({ lost: true })
const begin = attempt[0]?.at ?? ns(0)
const line = (atMs: number, text: string, more: object = {}): AttemptEvent => ({
  type: 'agent.log',
  attempt: 'a',
  at: ns(begin + atMs * 1e6),
  line: 'done',
  text,
  ...more,
})
const shown = (...lines: readonly AttemptEvent[]): string | undefined =>
  logLines([...attempt, ...lines])?.text.replaceAll(/\s+/g, ' ')

test('lists the lines about passes and about the lost flow, in the order of their times', () => {
  const text = shown(
    line(9, 'DENY of the reply', { line: 'denied', flow: 0, reply: true }),
    line(3, 'a pass'),
    line(4, 'about another flow', { line: 'deleted', flow: 7 }),
  )
  expect(text).toMatch(
    /<span class="n">3<\/span> <code>a pass<\/code>.*<span class="n">9<\/span> <code>DENY of the reply/,
  )
  expect(text).toContain('<li class="lost"')
  expect(text).not.toContain('about another flow')
})

test('escapes the text of the log', () => {
  expect(shown(line(1, '<script>x'))).toContain('&lt;script&gt;x')
})

test('lists a limited number of lines and says how many there are', () => {
  const text = shown(...Array.from({ length: 63 }, (_, index) => line(index, `line ${index}`)))
  expect(text?.match(/<li/g)).toHaveLength(60)
  expect(text).toContain('3 later lines are in history.jsonl')
})

test('shows nothing if the history has no text of the log', () => {
  expect(shown()).toBeUndefined()
})
