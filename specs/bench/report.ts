/** Measures the page of a long run: its size, and how long a real browser takes to open it, compared with an empty page. */
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { longer } from '../../helpers/history/longer-history.ts'
import { judgeRun } from '../../helpers/judge/judge-run.ts'
import { reportPage } from '../../helpers/report/page/page.ts'
import { openBrowser, openPage } from '../../fixtures/system/browser.ts'
import { run } from '../../fixtures/system/command.ts'
import { historyPath } from '../../fixtures/run/history-file.ts'
import { loadHistory } from '../../fixtures/run/results-folder.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { median, type Figure } from './figure.ts'

const rounds = 5
const attempts = 500

export async function reportFigures(): Promise<Figure[]> {
  using made = temporaryFolder('bench')
  const folder = made.path
  const browser = await openBrowser()
  try {
    await run('env', [`RACE_RESULTS_DIR=${folder}`, 'RACE_ITERATIONS=1', 'npx', 'vitest', 'run', 'specs/race'])
    const events = longer(loadHistory(join(folder, 'latest')).events, attempts)
    const history = { events, cutShort: false }
    const [page, empty] = [join(folder, 'page.html'), join(folder, 'empty.html')]
    writeFileSync(page, reportPage(history, judgeRun(history)))
    writeFileSync(empty, '<!doctype html><title>empty</title>')
    const megabytes = statSync(page).size / 1e6
    const history50 = statSync(historyPath(join(folder, 'latest'))).size / 1e6
    const opens = await opening(browser, page)
    const floor = { what: 'an empty page', value: await opening(browser, empty) }
    return [
      {
        what: `page of ${attempts} attempts × 50 flows opens`,
        value: opens,
        unit: 'ms',
        floor,
        goal: { text: '≤ 1 s', met: opens <= 1_000 },
      },
      {
        what: 'its size',
        value: megabytes,
        unit: 'MB',
        floor: { what: 'history of one attempt a cohort', value: history50 },
        goal: { text: '≤ 5 MB', met: megabytes <= 5 },
      },
    ]
  } finally {
    await browser.close()
  }
}

/** Measures how long it takes until the page is laid out and drawn, in milliseconds. */
async function opening(browser: Browser, file: string): Promise<number> {
  const took: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    const { page } = await openPage(browser, file, 'light')
    await page.screenshot()
    took.push(performance.now() - start)
    await page.close()
  }
  return median(took)
}
