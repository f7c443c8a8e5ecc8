/** The report page of a run in a real browser. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { test as base, describe, expect } from 'vitest'
import type { HistoryEvent } from '../../helpers/history/event.ts'
import { readHistory } from '../../helpers/history/read-history.ts'
import { exampleAttempt, exampleCohort, exampleRun } from '../../helpers/judge/example-attempt.ts'
import { judgeRun } from '../../helpers/judge/judge-run.ts'
import { reportPage } from '../../helpers/report/page/page.ts'
import { ns } from '../../helpers/units.ts'
import { openBrowser, openPage, photograph, seriousFaults } from '../../fixtures/system/browser.ts'
import { runRace, type CliResult } from './cli.ts'
import { longer } from '../../helpers/history/longer-history.ts'

/** The folder for a sample page and its screenshots, for people who want to see them. */
const sample = join(import.meta.dirname, '../../results/sample')

interface Run extends CliResult {
  readonly folder: string
}

const test = base
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }): Promise<Browser> => {
    const browser = await openBrowser()
    onCleanup(() => browser.close())
    return browser
  })
  .extend('folder', { scope: 'file' }, ({}, { onCleanup }) => {
    const folder = mkdtempSync(join(tmpdir(), 'npa-race-report-'))
    onCleanup(() => rmSync(folder, { recursive: true }))
    return folder
  })
  .extend('run', { scope: 'file' }, async ({ folder }): Promise<Run> => {
    const settings = { RACE_ITERATIONS: '3', RACE_CONNECTIONS_PER_WAVE: '50' }
    return { ...(await runRace(settings, { folder })), folder: join(folder, 'latest') }
  })

const written = (folder: string, events: readonly HistoryEvent[]): string => {
  const history = { events, cutShort: false }
  const file = join(folder, 'written.html')
  writeFileSync(file, reportPage(history, judgeRun(history)))
  return file
}

describe('the page of a run', { tags: ['lab'] }, () => {
  test.for(['light', 'dark'] as const)(
    'renders in %s: no requests, no errors in the console, no serious fault found by axe',
    async (scheme, { browser, run }) => {
      expect(run.exitCode, run.output).toBe(0)
      const { page, complaints } = await openPage(browser, join(run.folder, 'report.html'), scheme)
      expect(await page.locator('.verdict strong').textContent()).toBe('PASS')
      expect(await page.locator('.cohort').count()).toBe(2)
      mkdirSync(sample, { recursive: true })
      copyFileSync(join(run.folder, 'report.html'), join(sample, 'report.html'))
      await photograph(page, join(sample, `report-${scheme}.png`))
      expect(complaints).toEqual([])
      expect(await seriousFaults(page)).toEqual([])
      await page.close()
    },
  )

  test('can be used with the keyboard alone', async ({ browser, run }) => {
    const { page } = await openPage(browser, join(run.folder, 'report.html'), 'light')
    const attempts = page.locator('details.attempt')
    const second = attempts.nth(1)
    const summary = second.locator('summary')
    expect(await second.locator('svg').first().isVisible()).toBe(false)
    const hasFocus = (): Promise<boolean> =>
      summary.evaluate((element) => element === element.ownerDocument.activeElement)
    for (let tabs = 0; tabs < 20 && !(await hasFocus()); tabs++) await page.keyboard.press('Tab')
    expect(await hasFocus()).toBe(true)
    await page.keyboard.press('Enter')
    expect(await second.locator('svg').first().isVisible()).toBe(true)
    await page.keyboard.press('j')
    expect(await attempts.nth(2).locator('svg').first().isVisible()).toBe(true)
    await page.keyboard.press('k')
    expect(await hasFocus()).toBe(true)
    await page.close()
  })

  test('lists the attempts of one outcome only, and the address of the page keeps the choice', async ({
    browser,
    run,
  }) => {
    const { page } = await openPage(browser, join(run.folder, 'report.html'), 'light')
    const outcomes = (of: Page): Promise<(string | null)[]> =>
      of
        .locator('details.attempt:visible')
        .evaluateAll((all) => [...new Set(all.map((each) => each.getAttribute('data-outcome')))])
    // The attempts that lost flows are those of the control, which is folded.
    await page.getByRole('button', { name: 'lost' }).click()
    expect(await outcomes(page)).toEqual(['lost'])
    const { page: again } = await openPage(browser, join(run.folder, 'report.html'), 'light', new URL(page.url()).hash)
    expect(await outcomes(again)).toEqual(['lost'])
    await again.getByRole('spinbutton', { name: 'go to number' }).fill('3')
    await again.keyboard.press('Enter')
    expect(await again.locator('#attempt-3').isVisible()).toBe(true)
    await page.close()
    await again.close()
  })

  test('marks the time of a row in the picture, and the last event before the pointer in the table', async ({
    browser,
    run,
  }) => {
    const { page } = await openPage(browser, join(run.folder, 'report.html'), 'light')
    const attempt = page.locator('details.attempt[open]').first()
    const row = attempt.locator('tr', { hasText: 'held after-snapshot' })
    await row.hover()
    const picture = attempt.locator('svg').first()
    const time = await row.locator('td').first().textContent()
    expect(await picture.locator('.cursor text').textContent()).toBe(`${time} ms`)
    const leftOf = async (part: Locator): Promise<number> => (await part.boundingBox())?.x ?? NaN
    const held = await leftOf(picture.locator('.span.held'))
    expect(await leftOf(picture.locator('.cursor path'))).toBeCloseTo(held, -1)
    await picture.hover({ position: { x: held - (await leftOf(picture)) + 2, y: 100 } })
    expect(await attempt.locator('tr.now').textContent()).toContain('held after-snapshot')
    await page.close()
  })

  test('can be read on a telephone', async ({ browser, run }) => {
    const { page } = await openPage(browser, join(run.folder, 'report.html'), 'light')
    await page.setViewportSize({ width: 360, height: 740 })
    const wide = await page.locator('html').evaluate((root) => root.scrollWidth)
    expect(wide).toBeLessThanOrEqual(360)
    const text = page.locator('details[open] svg text').first()
    expect((await text.boundingBox())?.height).toBeGreaterThanOrEqual(10)
    await page.close()
  })

  test('shows the window and the names of the lanes on a telephone, where the picture is wider than the screen', async ({
    browser,
    run,
  }) => {
    const { page } = await openPage(browser, join(run.folder, 'report.html'), 'light')
    await page.setViewportSize({ width: 360, height: 740 })
    const attempt = page.locator('details.attempt').nth(1)
    await attempt.locator('summary').first().click()
    const leftOf = async (selector: string): Promise<number> =>
      (await attempt.locator(`svg ${selector}`).first().boundingBox())?.x ?? -1
    // The names follow when the picture is scrolled.
    await expect.poll(() => leftOf('.names')).toBeGreaterThan(0)
    expect(await leftOf('.window')).toBeGreaterThan(await leftOf('.names'))
    expect(await leftOf('.window')).toBeLessThan(360)
    await page.close()
  })

  test('unfolds an attempt if a link leads to it, and shows its title', async ({ browser, run }) => {
    const { page } = await openPage(browser, join(run.folder, 'report.html'), 'light')
    const timeline = page.getByRole('img', { name: 'timeline of attempt 2; the table below says the same in words' })
    expect(await timeline.last().isVisible()).toBe(false)
    await page.goto(`${page.url()}#attempt-2`)
    expect(await timeline.last().isVisible()).toBe(true)
    const title = page.locator('details.attempt:has(> #attempt-2) > summary')
    expect(await title.evaluate((element) => element.getBoundingClientRect().top)).toBeGreaterThan(0)
    await page.close()
  })

  test('gives screen readers the same information in tables', async ({ browser, run }) => {
    const { page } = await openPage(browser, join(run.folder, 'report.html'), 'light')
    await page.locator('details.cohort > summary').click()
    expect(await page.getByRole('img', { name: /^timeline of attempt 1/ }).count()).toBe(2)
    const rows = await page.locator('details[open] tbody tr').allTextContents()
    expect(rows.some((row) => /50\s+verdicts\s+reply: deny/.test(row.replaceAll(/\s+/g, ' ')))).toBe(true)
    await page.close()
  })
})

test('each event of a known history is at the position of its time', async ({ browser, folder }) => {
  const events = [exampleRun, exampleCohort(), ...exampleAttempt({ lost: true })]
  const { page } = await openPage(browser, written(folder, events), 'light')
  const leftOf = async (title: string): Promise<number> =>
    (
      await page
        .locator('svg [class]', { has: page.locator(`title:text("${title}")`) })
        .first()
        .boundingBox()
    )?.x ?? -1
  const inOrder = [
    'first connection established',
    'expired',
    'finished its dump',
    'used again',
    'deleted the entry',
    'reply: deny',
  ]
  const lefts = await Promise.all(inOrder.map(leftOf))
  expect(lefts.every((left) => left > 0)).toBe(true)
  expect(lefts).toEqual(lefts.toSorted((a, b) => a - b))
  // The example has one event every millisecond, so the distances are equal.
  const shaded = await page.locator('svg rect.window').boundingBox()
  expect(shaded?.x).toBeCloseTo((await leftOf('finished its dump')) + 0.5, 0)
  expect((shaded?.x ?? 0) + (shaded?.width ?? 0)).toBeCloseTo((await leftOf('deleted the entry')) + 0.5, 0)
  expect(await page.locator('svg .mark.loss').count()).toBe(1)
  await page.close()
})

test(
  'the page of 500 attempts with 50 flows has at most 5 MB, and opens',
  { tags: ['lab'] },
  async ({ browser, folder, run }) => {
    const events = longer(readHistory(run.history ?? '').events, 500)
    const file = written(folder, [
      ...events,
      { type: 'run.end', at: ns(9e15), reason: 'passed', failedTests: [], durationMs: 1 },
    ])
    expect(statSync(file).size).toBeLessThanOrEqual(5e6)
    const { page } = await openPage(browser, file, 'light')
    expect(await page.locator('details').count()).toBeGreaterThanOrEqual(500)
    await page.close()
  },
)
