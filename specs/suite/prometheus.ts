/** Runs a real Prometheus for specs of `npa-race watch`, and asks it. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { run } from '../../fixtures/system/command.ts'
import { patient } from '../../fixtures/system/patience.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { messageOf } from '../../helpers/text.ts'
import { ms } from '../../helpers/units.ts'

export const hasPrometheus = (await run('promtool', ['--version'], { accept: [0, 127] })) !== ''
/** The end of a title: why a spec is skipped. Empty if it runs. */
export const whyNoPrometheus = hasPrometheus
  ? ''
  : ' (skipped: needs Prometheus; on Debian and Ubuntu: apt-get install prometheus)'

const address = '127.0.0.1:9090'

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

export interface PrometheusOptions {
  readonly scrape_configs: readonly object[]
  readonly rule_files?: readonly string[]
}

/** Fetches a text from where Prometheus runs. */
type Get = (url: string) => Promise<string>

const fetched: Get = async (url) => (await fetch(url)).text()

export class Prometheus implements AsyncDisposable {
  readonly #child: ReturnType<typeof spawn>
  readonly #ended: Promise<unknown>
  readonly #get: Get

  /**
   * @param folder for its configuration and its data
   * @param options for its configuration; it scrapes each second
   * @param place a command that starts it somewhere else, and how to reach it there
   */
  constructor(folder: string, options: PrometheusOptions, place?: { before: readonly string[]; get: Get }) {
    const config = join(folder, 'prometheus.yml')
    writeFileSync(config, stringify({ global: { scrape_interval: '1s', evaluation_interval: '1s' }, ...options }))
    const flags = [`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${address}`]
    const [program = '', ...args] = [...(place?.before ?? []), 'prometheus', ...flags]
    this.#get = place?.get ?? fetched
    this.#child = spawn(program, args, { stdio: 'ignore' })
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill()
    await this.#ended
  }

  async values(expr: string): Promise<{ metric: Readonly<Record<string, string>>; value: number }[]> {
    const text = await this.#get(`http://${address}/api/v1/query?query=${encodeURIComponent(expr)}`)
    return answerSchema
      .parse(JSON.parse(text))
      .data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
  }

  async alerts() {
    return alertsSchema.parse(JSON.parse(await this.#get(`http://${address}/api/v1/alerts`))).data.alerts
  }
}

/** Waits until Prometheus answers, and has something to answer. */
export function answered<T>(condition: string, ask: () => Promise<T | undefined>): Promise<T> {
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
