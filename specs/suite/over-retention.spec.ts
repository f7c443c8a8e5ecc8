/** A cleanup that keeps stale entries longer than it promises fails. */
import { describe, expect, test } from 'vitest'
import { readHistory } from '../../helpers/history/read-history.ts'
import { retentionWithin, scheduleText } from '../../helpers/schedule/schedule.ts'
import { runRace } from './cli.ts'

const spec = { args: ['specs/cleanup/over-retention.spec.ts'] }

test(
  'specs/race with an agent on its own timer and natural expiry: never-deletes fails',
  { tags: ['lab'] },
  async () => {
    const settings = {
      RACE_AGENT: 'reference:never-deletes',
      RACE_PASSES: 'own',
      RACE_EXPIRY: 'natural',
      RACE_CLEANUP_PERIOD: '4',
      RACE_KERNEL_TIMEOUT: '1',
    }
    const { exitCode, output } = await runRace(settings, { args: ['specs/race', '-t', 'stale entries'] })
    expect(exitCode, output).toBe(1)
    expect(output).toContain('over-retention: 5 of 5 stale entries')
  },
)

test(
  'specs/race grants a cleanup the compare passes that the model finds for it: consecutive-miss gets two',
  { tags: ['lab'] },
  async () => {
    const {
      exitCode,
      output,
      history = '',
    } = await runRace({
      RACE_AGENT: 'reference:consecutive-miss',
      RACE_ITERATIONS: '1',
    })
    expect(exitCode, output).toBe(0)
    const attempt = readHistory(history).events.find(
      (event) => event.type === 'attempt.begin' && event.purpose === 'retention' && event.cohort.startsWith('subject'),
    )
    expect(attempt).toMatchObject({ schedule: scheduleText(retentionWithin(2)) })
  },
)

describe('specs/cleanup/over-retention', { tags: ['lab'] }, () => {
  test.for([
    ['deletes-late', {}, 1, 'over-retention: 5 of 5 stale entries are still in the map after 2 compare passes'],
    ['deletes-late', { RACE_RETENTION_PASSES: '3' }, 0, 'promises 3 compare passes'],
    ['consecutive-miss', { RACE_RETENTION_PASSES: '1' }, 1, 'over-retention: 5 of 5 stale entries'],
  ] as const)('%s %o: exit %i', async ([algorithm, settings, exitCode, words]) => {
    const result = await runRace({ RACE_AGENT: `reference:${algorithm}`, ...settings }, spec)
    expect(result.exitCode, result.output).toBe(exitCode)
    expect(result.output).toContain(words)
  })
})
