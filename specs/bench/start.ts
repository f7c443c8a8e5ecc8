/** Measures the default run of `specs/race`, and the time to the end of its first attempt, next to a run of vitest that has almost nothing to do. */
import { join } from 'node:path'
import { loadHistory } from '../../fixtures/run/results-folder.ts'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { median, type Figure } from './figure.ts'

const rounds = 5

export async function startFigures(): Promise<Figure[]> {
  const first: number[] = []
  const whole: number[] = []
  const floors: number[] = []
  for (let round = 0; round < rounds; round++) {
    const took = await defaultRun()
    first.push(took.first)
    whole.push(took.whole)
    const start = performance.now()
    await run('npx', ['vitest', 'run', 'helpers/statistics/statistics.test.ts'])
    floors.push(performance.now() - start)
  }
  const floor = { what: 'vitest with one tiny test file', value: median(floors) }
  const [toFirst, total] = [median(first), median(whole)]
  return [
    {
      what: 'from `npx vitest` to the first attempt’s end',
      value: toFirst,
      unit: 'ms',
      floor,
      goal: { text: '≤ 3 s', met: toFirst <= 3_000 },
    },
    {
      what: `default run of specs/race: ${(total / floor.value).toFixed(2)} × the tiny file`,
      value: total,
      unit: 'ms',
      floor,
      goal: { text: '≤ 2 × the tiny file', met: total <= 2 * floor.value },
    },
  ]
}

/** Runs `specs/race` with the default configuration. @returns milliseconds from its start to the end of its first attempt, and to its end */
async function defaultRun(): Promise<{ first: number; whole: number }> {
  using folder = temporaryFolder('bench')
  const start = Number(process.hrtime.bigint())
  await run('env', [`RACE_RESULTS_DIR=${folder.path}`, 'npx', 'vitest', 'run', 'specs/race'])
  const whole = (Number(process.hrtime.bigint()) - start) / 1e6
  const { events } = loadHistory(join(folder.path, 'latest'))
  const begin = events.find((event) => event.type === 'attempt.begin' && event.purpose === 'race')
  const end = events.find(
    (event) => event.type === 'attempt.end' && begin?.type === 'attempt.begin' && event.attempt === begin.attempt,
  )
  if (!end) throw new Error('the run of specs/race made no attempt: run `npx npa-race doctor`')
  return { first: (end.at - start) / 1e6, whole }
}
