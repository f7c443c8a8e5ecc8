/** `npa-race estimate` on the command line. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { npaRace, runRace } from './cli.ts'

describe('npa-race estimate', { tags: ['lab'] }, () => {
  test('prints replies lost a day from the windows of a run, and asks for the agent if it measured several', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'npa-race-estimate-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const args = ['specs/cleanup/natural-window.spec.ts', '-t', 'reference:.* with 0 ']
    const measured = await runRace({}, { args, folder })
    expect(measured.exitCode, measured.output).toBe(0)
    const widths = measured.summary?.cohorts.find(({ cohort }) => cohort.includes('last-seen'))?.naturalWindowMs
    expect(Object.keys(widths ?? {})).toEqual(['dump', 'after-snapshot', 'after-reread'])

    const from = ['estimate', '--from', join(folder, 'latest')]
    const asked = await npaRace(from)
    expect(asked.exitCode).toBe(3)
    expect(asked.output).toContain('--cohort: must be one of\n  reference:alternating with 0 live entries\n')
    const { exitCode, output } = await npaRace([...from, '--cohort', 'reference:last-seen with 0 live entries'])
    expect(exitCode, output).toBe(0)
    const [, dump] = /Its dump takes ([\d.]+) ms/.exec(output) ?? []
    expect(Number(dump)).toBeCloseTo(widths?.dump?.p50 ?? 0, 0)
    // For clusters of every size, with an interval, and with what it assumes.
    expect(output).toContain('| replies lost per day | 1 node | 10 nodes | 100 nodes | 1,000 nodes | 10,000 nodes |')
    for (const algorithm of ['immediate', 'alternating', 'consecutive-miss', 'timestamp-guard', 'last-seen'])
      expect(output).toMatch(new RegExp(`\`${algorithm}\` \\| (?:[\\d.]+ \\([\\d.]+ to [\\d.]+\\), P |0 \\(at most )`))
    expect(output).toContain('The kernel forgets a flow 120 s after its last packet.')
  })

  test.for([
    [['--gap', 'often'], '--gap: must be a mean, or a median and a 95th percentile'],
    [['--window', '30,20'], '--window: the 95th percentile must not be less than the median'],
    [['--pods', '0'], '--pods: must be more than 0'],
    [['--dump', '200000'], '--dump: must be less than half of --period'],
    [['--from', 'nowhere'], 'nowhere'],
    [['--cohort', 'x'], '--cohort: names a cohort of the run that --from names'],
  ] as const)('%s: exit 3, and why', async ([flags, why]) => {
    const { exitCode, output } = await npaRace(['estimate', ...flags])
    expect(exitCode).toBe(3)
    expect(output).toContain(why)
  })
})
