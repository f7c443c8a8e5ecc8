/** The dashboard and the alert of `kind/watch/`, evaluated by a real Prometheus that scrapes a real watch of an agent that loses flows. */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { runUnassisted } from '../../fixtures/attempt/unheld-load.ts'
import { run } from '../../fixtures/system/command.ts'
import { patient } from '../../fixtures/system/patience.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { messageOf } from '../../helpers/text.ts'
import { ms } from '../../helpers/units.ts'
import { vulnerable } from '../npa-releases.ts'
import { metricsAddress, onNodeOf, startWatch, type WatchOfAgent } from './watch-of-agent.ts'

const folder = fileURLToPath(new URL('../../kind/watch/', import.meta.url))
const address = '127.0.0.1:9090'
const rounds = 12

const hasPrometheus = (await run('promtool', ['--version'], { accept: [0, 127] })) !== ''
const whySkipped = hasPrometheus ? '' : ' (skipped: needs Prometheus; on Debian and Ubuntu: apt-get install prometheus)'

const dashboardSchema = z.looseObject({
  panels: z.array(z.looseObject({ title: z.string(), targets: z.array(z.looseObject({ expr: z.string() })) })),
})
const answerSchema = z.looseObject({
  status: z.literal('success'),
  data: z.looseObject({
    result: z.array(
      z.looseObject({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
})
const alertsSchema = z.looseObject({
  data: z.looseObject({
    alerts: z.array(z.looseObject({ state: z.string(), labels: z.record(z.string(), z.string()) })),
  }),
})

/** Grafana replaces its variable by at least four times the interval of the scrapes. */
const queries = dashboardSchema
  .parse(JSON.parse(readFileSync(join(folder, 'dashboard.json'), 'utf8')))
  .panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ title, expr: expr.replaceAll('$__rate_interval', '30s') })),
  )

/** Starts Prometheus on the node. It scrapes the watch there, and names the node as `kind/watch/prometheus.yaml` does. */
function startPrometheus(agentPid: number, inFolder: string): void {
  const config = join(inFolder, 'prometheus.yml')
  const target = { targets: [metricsAddress], labels: { node: 'lab' } }
  writeFileSync(
    config,
    stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [join(folder, 'alerts.yaml')],
      scrape_configs: [{ job_name: 'npa-race-watch', static_configs: [target] }],
    }),
  )
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${inFolder}/data`, `--web.listen-address=${address}`]
  const child = spawn('nsenter', [...onNodeOf(agentPid), 'prometheus', ...flags], { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  onTestFinished(async () => {
    child.kill()
    await ended
  })
}

async function valuesOf(watch: WatchOfAgent, expr: string) {
  const text = await watch.get(`http://${address}/api/v1/query?query=${encodeURIComponent(expr)}`)
  return answerSchema
    .parse(JSON.parse(text))
    .data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
}

/** Waits until Prometheus answers, and has something to answer. */
function answered<T>(condition: string, ask: () => Promise<T | undefined>): Promise<T> {
  let seen = 'nothing'
  const check = async (): Promise<T | undefined> => {
    try {
      const answer = await ask()
      seen = 'an answer without it'
      return answer
    } catch (error) {
      seen = messageOf(error)
      return undefined
    }
  }
  return waitFor({ condition, deadline: patient(ms(30_000)), every: ms(250), check, last: () => seen })
}

describe.skipIf(!hasPrometheus)(`watch${whySkipped}`, { tags: ['lab'] }, () => {
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
      const watch = await startWatch(testbed.agent.pid, join(temporary.path, 'results'))
      startPrometheus(testbed.agent.pid, temporary.path)
      await answered('Prometheus has scraped the watch', async () => {
        const [found] = await valuesOf(watch, 'npa_race_denied_flows_total')
        return found
      })
      const load = { ports: ports.take(200), gapMs: ms(700), thinkMs: ms(100), durationMs: ms(10_000) }
      let lost = 0
      // How many replies are lost is chance, so the agent gets as much load as it needs.
      for (let seed = 1; seed <= rounds && lost === 0; seed++)
        lost += (await runUnassisted(testbed, { ...load, seed }, signal)).lostFlows.length
      expect(lost).toBeGreaterThan(0)

      const denied = await answered('Prometheus has scraped the losses', async () =>
        (await valuesOf(watch, 'npa_race_denied_flows_total')).find(({ value }) => value >= lost),
      )
      expect(denied).toMatchObject({ metric: { node: 'lab', job: 'npa-race-watch' }, value: lost })
      for (const { title, expr } of queries) expect(await valuesOf(watch, expr), `${title}: ${expr}`).not.toEqual([])
      const alert = await answered('the alert fires', async () =>
        alertsSchema.parse(JSON.parse(await watch.get(`http://${address}/api/v1/alerts`))).data.alerts.at(0),
      )
      expect(alert).toMatchObject({ state: 'firing', labels: { node: 'lab' } })
      expect(await watch.end(), watch.words()).toBe(0)
    })
  })
})
