/** `npa-race watch` on real agents under load: what it finds is what the clients have lost, flow by flow. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { tupleText, type Tuple } from '../../helpers/flow.ts'
import { ms } from '../../helpers/units.ts'
import type { Finding } from '../../helpers/watch/watched-flows.ts'
import { runUnassisted } from '../../fixtures/attempt/unheld-load.ts'
import { run } from '../../fixtures/system/command.ts'
import { patient } from '../../fixtures/system/patience.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { fixed, vulnerable } from '../npa-releases.ts'

const command = fileURLToPath(new URL('../../fixtures/cli/npa-race.ts', import.meta.url))

/** Lost replies that show that a comparison of flows means something. */
const enough = 5
const rounds = 12

interface WatchOfAgent {
  readonly findings: () => Finding[]
  readonly words: () => string
  /** What it serves to Prometheus. */
  readonly metrics: () => Promise<string>
  /** Ends it as Ctrl-C does. @returns its exit code */
  readonly end: () => Promise<number | null>
}

const printMetrics = `fetch('http://127.0.0.1:9464/metrics').then((answer) => answer.text()).then((text) => process.stdout.write(text))`

/** Starts the command as on a node: in the agent's network namespace, with the pins in its file system. */
async function startWatch(agentPid: number): Promise<WatchOfAgent> {
  const maps = `/proc/${agentPid}/root/sys/fs/bpf/globals/aws/maps`
  const pins = ['--map', `${maps}/global_aws_conntrack_map`, '--verdicts', `${maps}/global_policy_events`]
  const onNode = ['--target', String(agentPid), '--net', process.execPath]
  const args = [command, 'watch', '--json', '--for', '1h', '--metrics', '127.0.0.1:9464', ...pins]
  const child = spawn('nsenter', [...onNode, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill())
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let [output, words] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text))
  await waitFor({
    condition: 'the command watches the agent',
    deadline: patient(ms(10_000)),
    check: () => (words.includes('watching') ? true : undefined),
    last: () => words,
  })
  return {
    findings: () => output.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Finding])),
    words: () => words,
    metrics: () => run('nsenter', [...onNode, '-e', printMetrics]),
    end: () => {
      child.kill('SIGINT')
      return ended
    },
  }
}

describe.for([
  { ...vulnerable, loses: true, seconds: 10, tags: ['lab', 'npa', 'udp'] as const },
  { ...fixed, loses: false, seconds: 10, tags: ['lab', 'npa', 'udp'] as const },
  { ...vulnerable, loses: true, seconds: 900, tags: ['lab', 'npa', 'udp', 'soak'] as const },
])('$agent, $seconds s', ({ agent, go_replace, loses, seconds, tags }) => {
  describe('watched', { tags: [...tags], timeout: 2 * seconds * 1000 + 600_000 }, () => {
    const settings = { agent, go_replace, flow: 'udp-request', expiry: 'natural', kernel_timeout: 1 } as const
    test.override('cohort', { ...cohortOf(`watched ${agent} ${seconds} s`, settings), ...comparedBySpec })

    test(`under load: ${loses ? 'every lost reply is found, and nothing else' : 'no flow is found'}`, async ({
      testbed,
      ports,
      signal,
      annotate,
    }) => {
      const watch = await startWatch(testbed.agent.pid)
      const load = { ports: ports.take(200), gapMs: ms(700), thinkMs: ms(100), durationMs: ms(seconds * 1000) }
      const lostFlows: Tuple[] = []
      // How many replies are lost is chance, so an agent that loses gets as much load as it needs.
      for (let seed = 1; seed <= (loses ? rounds : 1) && lostFlows.length < enough; seed++)
        lostFlows.push(...(await runUnassisted(testbed, { ...load, seed }, signal)).lostFlows)
      expect(await watch.metrics()).toMatch(/^npa_race_deletes_total\{flow="stale"\} [1-9]\d*$/m)
      expect(await watch.end(), watch.words()).toBe(0)
      const denied = watch.findings().filter(({ deniedAfterMs }) => deniedAfterMs !== undefined)
      await annotate(`${lostFlows.length} replies lost, ${denied.length} found\n${watch.words()}`)
      expect(denied.map(({ tuple }) => tupleText(tuple)).toSorted()).toEqual(
        lostFlows.map((tuple) => tupleText(tuple)).toSorted(),
      )
      if (loses) expect(lostFlows.length).toBeGreaterThanOrEqual(enough)
    })
  })
})
