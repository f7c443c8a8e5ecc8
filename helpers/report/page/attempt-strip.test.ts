import { expect, test } from 'vitest'
import { exampleAttempt } from '../../judge/example-attempt.ts'
import { judgeAttempt } from '../../judge/judge-attempt.ts'
import { attemptStrip } from './attempt-strip.ts'

const verdicts = [false, true, false].map((lost, index) =>
  judgeAttempt(exampleAttempt({ number: index + 1, lost }), { window: 'after-snapshot', trigger: 'exact' }),
)

test('has a bar per attempt, which leads to it and goes down if flows were lost', () => {
  const strip = attemptStrip(verdicts)?.text.replaceAll('\n', ' ') ?? ''
  const bars = [...strip.matchAll(/href="(#[\w-]+)".*?class="(\w+)" x="([\d.]+)" y="(\d+)"/g)].map(([, ...all]) => all)
  expect(bars).toEqual([
    ['#attempt-1', 'survived', '0.0', '1'],
    ['#attempt-2', 'lost', '320.0', '28'],
    ['#attempt-3', 'survived', '640.0', '1'],
  ])
  expect(strip).toContain('<title>attempt 2: lost, 19 ms</title>')
})

test('a single attempt needs no picture', () => {
  expect(attemptStrip(verdicts.slice(0, 1))).toBeUndefined()
})
