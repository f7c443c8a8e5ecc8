/** The dashboard and the alert of `kind/watch/`, evaluated by a real Prometheus that scrapes a real watch of an agent that loses flows. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { runUnassisted } from '../../fixtures/attempt/unheld-load.ts'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { ms } from '../../helpers/units.ts'
import { vulnerable } from '../npa-releases.ts'
import { answered, hasPrometheus, Prometheus, whyNoPrometheus } from './prometheus.ts'
import { metricsAddress, onNodeOf, startWatch, type WatchOfAgent } from './watch-of-agent.ts'

const folder = fileURLToPath(new URL('../../kind/watch/', import.meta.url))
const rounds = 12

const dashboardSchema = z.looseObject({
  panels: z.array(z.looseObject({ title: z.string(), targets: z.array(z.looseObject({ expr: z.string() })) })),
})
/** Grafana replaces its variable by at least four times the interval of the scrapes. */
const queries = dashboardSchema
  .parse(JSON.parse(readFileSync(join(folder, 'dashboard.json'), 'utf8')))
  .panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ title, expr: expr.replaceAll('$__rate_interval', '30s') })),
  )

/** Starts Prometheus on the node. It scrapes the watch there, and names the node as `kind/watch/prometheus.yaml` does. */
function prometheusOn(agentPid: number, inFolder: string, watch: WatchOfAgent): Prometheus {
  const target = { targets: [metricsAddress], labels: { node: 'lab' } }
  const options = {
    rule_files: [join(folder, 'alerts.yaml')],
    scrape_configs: [{ job_name: 'npa-race-watch', static_configs: [target] }],
  }
  return new Prometheus(inFolder, options, {
    before: ['nsenter', ...onNodeOf(agentPid)],
    get: async (url) => watch.get(url),
  })
}

describe.skipIf(!hasPrometheus)(`watch${whyNoPrometheus}`, { tags: ['lab'] }, () => {
  test('the alert fires for a node that loses flows, and ends after a quarter of an hour', async () => {
    await run('promtool', ['check', 'rules', join(folder, 'alerts.yaml')])
    await run('promtool', ['test', 'rules', join(folder, 'alerts.test.yaml')])
  })

  describe('scraped', { tags: ['lab', 'npa', 'udp'], timeout: 600_000 }, () => {
    const { agent, go_replace } = vulnerable
    const settings = { agent, go_replace, flow: 'udp-request', expiry: 'natural', kernel_timeout: 1 } as const
    test.override('cohort', { ...cohortOf(`scraped ${agent}`, settings), ...comparedBySpec })

    test('the dashboard shows what was lost, and the alert fires', async ({ testbed, ports, signal }) => {
      using temporary = temporaryFolder('prometheus')
      const watch = await startWatch(testbed.agent.pid, testbed.clientIp, join(temporary.path, 'results'))
      await using prometheus = prometheusOn(testbed.agent.pid, temporary.path, watch)
      await answered('Prometheus has scraped the watch', async () => {
        const [found] = await prometheus.values('npa_race_denied_flows_total')
        return found
      })
      const load = { ports: ports.take(200), gapMs: ms(700), thinkMs: ms(100), durationMs: ms(10_000) }
      let lost = 0
      // How many replies are lost is chance, so the agent gets as much load as it needs.
      for (let seed = 1; seed <= rounds && lost === 0; seed++)
        lost += (await runUnassisted(testbed, { ...load, seed }, signal)).lostFlows.length
      expect(lost).toBeGreaterThan(0)

      const denied = await answered('Prometheus has scraped the losses', async () =>
        (await prometheus.values('npa_race_denied_flows_total')).find(({ value }) => value >= lost),
      )
      expect(denied).toMatchObject({ metric: { node: 'lab', job: 'npa-race-watch' }, value: lost })
      for (const { title, expr } of queries) expect(await prometheus.values(expr), `${title}: ${expr}`).not.toEqual([])
      const alert = await answered('the alert fires', async () => (await prometheus.alerts()).at(0))
      expect(alert).toMatchObject({ state: 'firing', labels: { node: 'lab' } })
      expect(await watch.end(), watch.words()).toBe(0)
    })
  })
})
