/** Measures the time from `npx vitest` to the end of the first attempt, compared with a vitest run that has almost nothing to do. */
import { join } from 'node:path'
import { loadHistory } from '../../fixtures/run/results-folder.ts'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { median, type Figure } from './figure.ts'

const rounds = 5

export async function startFigure(): Promise<Figure> {
  const started: number[] = []
  const floors: number[] = []
  for (let round = 0; round < rounds; round++) {
    started.push(await firstAttempt())
    const start = performance.now()
    await run('npx', ['vitest', 'run', 'helpers/statistics/statistics.test.ts'])
    floors.push(performance.now() - start)
  }
  const value = median(started)
  return {
    what: 'from `npx vitest` to the first attempt’s end',
    value,
    unit: 'ms',
    floor: { what: 'vitest with one tiny test file', value: median(floors) },
    goal: { text: '≤ 3 s', met: value <= 3_000 },
  }
}

async function firstAttempt(): Promise<number> {
  using folder = temporaryFolder('bench')
  const start = Number(process.hrtime.bigint())
  await run('env', [`RACE_RESULTS_DIR=${folder.path}`, 'RACE_ITERATIONS=1', 'npx', 'vitest', 'run', 'specs/race'])
  const { events } = loadHistory(join(folder.path, 'latest'))
  const first = events.find((event) => event.type === 'attempt.begin' && event.purpose === 'race')
  const end = events.find(
    (event) => event.type === 'attempt.end' && first?.type === 'attempt.begin' && event.attempt === first.attempt,
  )
  if (!end) throw new Error('the run of specs/race made no attempt: run `npx npa-race doctor`')
  return (end.at - start) / 1e6
}
