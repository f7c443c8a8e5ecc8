/** What `npa-race watch` says if it cannot watch, and what other commands do with its results. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { WatchRecorder } from '../../fixtures/run/watch-recorder.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { passRecordLine, totalsRecordLine } from '../../helpers/watch/watch-record.ts'
import { npaRace } from './cli.ts'

test.for([
  { args: [], words: 'the agent of this node cannot be watched: open the eBPF map pinned at' },
  { args: ['--for', '10'], words: '--for: "10" must be a duration of more than 0' },
  { args: ['--for', '0s'], words: '--for: "0s" must be a duration of more than 0' },
  { args: ['--for', '30d'], words: 'and at most 24d' },
  { args: ['--results', '/proc/watch'], words: '--results: cannot write to /proc/watch: ENOENT' },
  { args: ['--metrics', '9464'], words: '--metrics: "9464" must be :PORT or ADDRESS:PORT' },
])('watch $args: exit 3', { tags: ['lab'] }, async ({ args, words }) => {
  const { exitCode, output } = await npaRace(['watch', '--map', '/none', ...args])
  expect(exitCode, output).toBe(3)
  expect(output).toContain(words)
})

test(
  'without the capability to ask conntrack: exit 3, and not only at the first delete',
  { tags: ['lab'] },
  async () => {
    const before = ['setpriv', '--bounding-set=-net_admin', '--inh-caps=-all', '--ambient-caps=-all']
    const { exitCode, output } = await npaRace(['watch', '--map', '/none'], {}, { before })
    expect(exitCode, output).toBe(3)
    expect(output).toContain('the agent of this node cannot be watched: look flows up in conntrack: EPERM')
  },
)

describe('the results of watches', { tags: ['lab'] }, () => {
  const named = (node: string) => ({ node, startedMs: 0 })
  const totals = { counts: { stale: 4, live: 0, undecided: 0, denied: 0 }, passes: 1, lost: 0, seconds: 60 }
  const pass = { beganMs: 5_000, lastsMs: 9, stale: 4, live: 0, undecided: 0 }

  /** Writes the results of a watch of one pass. @returns their folder */
  function resultsOf(node: string, { isComplete = true } = {}): string {
    const folder = temporaryFolder('watch-results')
    onTestFinished(() => folder[Symbol.dispose]())
    using recorder = new WatchRecorder(folder.path, expect.unreachable)
    if (isComplete) recorder.write(passRecordLine(named(node), pass), false)
    recorder.write(totalsRecordLine(named(node), totals, '24/1'), true)
    return folder.path
  }

  test('judge counts the records again: exit 0, and 2 if a record is missing', async () => {
    const whole = await npaRace(['judge', resultsOf('node-1')])
    expect(whole.output).toContain('A watch gives no verdict')
    expect(whole.exitCode, whole.output).toBe(0)
    const cut = await npaRace(['judge', resultsOf('node-1', { isComplete: false })])
    expect(cut.output).toContain('node-1: passes: the watch counted 1, and its records have 0.')
    expect(cut.exitCode, cut.output).toBe(2)
  })

  test('merge joins watches, and refuses a run among them', async () => {
    const into = temporaryFolder('watch-merged')
    onTestFinished(() => into[Symbol.dispose]())
    const [one, other] = [resultsOf('node-1'), resultsOf('node-2')]
    const merged = await npaRace(['merge', one, other, '--into', into.path])
    expect(merged.output).toContain('2 min: 2 passes with deletes; 8 entries deleted')
    expect(merged.exitCode, merged.output).toBe(0)
    const mixed = await npaRace(['merge', one, into.path, '--into', into.path])
    expect(mixed.output).toContain(`${into.path} is not a watch`)
    expect(mixed.exitCode, mixed.output).toBe(3)
  })
})
