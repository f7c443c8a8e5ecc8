/** `npa-race watch` on real agents under load: what it finds is what the clients have lost, flow by flow. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { tupleText, type Tuple } from '../../helpers/flow.ts'
import { ms } from '../../helpers/units.ts'
import { runUnassisted } from '../../fixtures/attempt/unheld-load.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { readWatch } from '../../helpers/watch/read-watch.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { npaRace } from './cli.ts'
import { metricsAddress, pod, startWatch } from './watch-of-agent.ts'

/** Lost replies that show that a comparison of flows means something. */
const enough = 5
const rounds = 12

/** Flows of which one is reused each second, as the load of this spec does; so the simulation loses some of them. */
const workload = ['--gap', '1', '--timeout', '1', '--period', '2', '--pods', '200']

async function expectExtrapolation(results: string, lost: number): Promise<void> {
  const { exitCode, output } = await npaRace(['estimate', '--from', results, ...workload])
  expect(exitCode, output).toBe(0)
  expect(output).toContain(`Measured: ${lost} live flows with a denied reply`)
  expect(output).toMatch(/^\| `last-seen` \|/m)
}

describe.for([
  { ...vulnerable, loses: true, seconds: 10, tags: ['lab', 'npa', 'udp'] as const },
  { ...fixed, loses: false, seconds: 10, tags: ['lab', 'npa', 'udp'] as const },
  { ...vulnerable, loses: true, seconds: 900, tags: ['lab', 'npa', 'udp', 'soak'] as const },
])('$agent, $seconds s', ({ agent, go_replace, loses, seconds, tags }) => {
  describe('watched', { tags: [...tags], timeout: 2 * seconds * 1000 + 600_000 }, () => {
    const settings = { agent, go_replace, flow: 'udp-request', expiry: 'natural', kernel_timeout: 1 } as const
    test.override('cohort', { ...cohortOf(`watched ${agent} ${seconds} s`, settings), ...comparedBySpec })

    test('under load: every lost reply is found, and nothing else', async ({ testbed, ports, signal, annotate }) => {
      using results = temporaryFolder('watch')
      const watch = await startWatch(testbed.agent.pid, testbed.clientIp, results.path)
      const load = { ports: ports.take(200), gapMs: ms(700), thinkMs: ms(100), durationMs: ms(seconds * 1000) }
      const lostFlows: Tuple[] = []
      // How many replies are lost is chance, so an agent that loses gets as much load as it needs.
      for (let seed = 1; seed <= (loses ? rounds : 1) && lostFlows.length < enough; seed++)
        lostFlows.push(...(await runUnassisted(testbed, { ...load, seed }, signal)).lostFlows)
      const metrics = await watch.get(`http://${metricsAddress}/metrics`)
      expect(metrics).toMatch(/^npa_race_deletes_total\{flow="stale"\} [1-9]\d*$/m)
      expect(await watch.end(), watch.words()).toBe(0)
      const { totals, findings, passes } = readWatch(watch.output())
      // Only programs at the kernel's functions see dumps and looks. What the suite itself removes after the load counts as a pass without them.
      const seesDumps = totals.evicted !== undefined
      expect(passes.some(({ sinceDumpMs = 0 }) => sinceDumpMs > 0)).toBe(seesDumps)
      const isLooking = passes.some(({ sinceLookMs = [] }) => sinceLookMs.length > 0)
      expect(isLooking, 'only the release with the fix looks at an entry again').toBe(seesDumps && !loses)
      expect(findings.filter(({ sinceDumpMs = 0 }) => sinceDumpMs > 0)).toHaveLength(seesDumps ? findings.length : 0)
      expect(totals.counts.denied).toBe(findings.filter(({ deniedAfterMs }) => deniedAfterMs !== undefined).length)
      const denied = watch.findings().filter(({ deniedAfterMs }) => deniedAfterMs !== undefined)
      await annotate(`${lostFlows.length} replies lost, ${denied.length} found\n${watch.words()}`)
      expect(denied.map(({ tuple }) => tupleText(tuple)).toSorted()).toEqual(
        lostFlows.map((tuple) => tupleText(tuple)).toSorted(),
      )
      const layout = loses ? '24/1' : '24/16'
      expect(
        denied.filter(({ mapLayout }) => mapLayout !== layout),
        'the map is that of this release',
      ).toEqual([])
      const judged = await npaRace(['judge', results.path])
      expect(judged.exitCode, judged.output).toBe(0)
      expect(judged.output).toContain('The recorded passes and findings add up to the counts of 1 watch.')
      expect(readFileSync(join(results.path, 'watch.jsonl'), 'utf8')).toBe(watch.output())
      // The fix leaves the window after its re-read open, which takes a fraction of a millisecond per entry: it loses a reply now and then.
      if (!loses) return expect(lostFlows.length).toBeLessThan(enough)
      expect(lostFlows.length).toBeGreaterThanOrEqual(enough)
      expect(denied.filter((finding) => !isDeepStrictEqual(finding.pod, pod))).toEqual([])
      expect(metrics).toMatch(
        /^npa_race_pod_denied_flows_total\{protected_namespace="shop",protected_pod="cart-0"\} [1-9]\d*$/m,
      )
      expect(readFileSync(join(results.path, 'report.html'), 'utf8')).toContain('Deleted entries of live flows')
      await expectExtrapolation(results.path, lostFlows.length)
    })
  })
})
