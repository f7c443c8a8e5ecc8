/** Measures how long attempts take in the lab, compared with one kernel dump, and how fast fixed ports can be reused, compared with plain sockets. */
import { createServer, connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { cohortsOf, type CohortPlan } from '../../helpers/config/cohorts.ts'
import { configSchema } from '../../helpers/config/schema.ts'
import type { AttemptEvent } from '../../helpers/history/event.ts'
import { raceSchedule, type Step } from '../../helpers/schedule/schedule.ts'
import { runAttempt } from '../../fixtures/attempt/attempt.ts'
import { openJournal } from '../../fixtures/targets/undoers.ts'
import { Conntrack } from '../../fixtures/kernel/conntrack.ts'
import { NamespaceRunner } from '../../fixtures/remote/namespace-runner.ts'
import { startLab, type LabTestbed } from '../../fixtures/targets/lab/lab.ts'
import { labNames } from '../../fixtures/targets/lab/names.ts'
import { SourcePorts } from '../../fixtures/attempt/source-ports.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { newRunId } from '../../fixtures/run/run-context.ts'
import { median, timed, type Figure } from './figure.ts'
import { StepTimes } from './step-times.ts'
import { reuseLoopProtocol } from './reuse-loop-protocol.ts'

/** Attempts per sample. The first ones are slower, because the programs are still being compiled, and the median ignores them. */
const rounds = 60
const reuseLoopFile = fileURLToPath(new URL('reuse-loop.ts', import.meta.url))
const loopMs = 1_000
/** Several ports take turns, because a port is free again only after its reset has been processed. */
const loopPorts = 16

export async function attemptFigures(): Promise<Figure[]> {
  const plan = cohortsOf(configSchema.parse({})).at(-1)
  if (!plan) throw new Error('bug: the default configuration has no cohort')
  return inLab(plan, async (lab, id) => {
    const one = await attempts(lab, plan, 1)
    const fifty = await attempts(lab, plan, 50)
    return [
      against('attempt with 1 flow, median', one, 1.7),
      against('attempt with 50 flows, median', fifty, 3.5),
      await reuses(lab, id),
    ]
  })
}

/** Starts a lab for `measure`, and ends it. @param measure is given the lab and its id */
export async function inLab<T>(plan: CohortPlan, measure: (lab: LabTestbed, id: string) => Promise<T>): Promise<T> {
  const runId = newRunId()
  const journal = openJournal(runId)
  journal.begin()
  try {
    using logs = temporaryFolder('bench')
    const id = `${runId}-${process.pid}-1`
    await using lab = await startLab({ id, plan, serverPort: 8080, logFolder: logs.path }, journal)
    return await measure(lab, id)
  } finally {
    await journal.undoAll()
  }
}

interface Sample {
  readonly attemptMs: number
  readonly dumpMs: number
  readonly steps: ReturnType<StepTimes['medians']>
}

/** Measures attempts at the race with this number of flows. */
export async function attempts(lab: LabTestbed, plan: CohortPlan, flows: number): Promise<Sample> {
  using conntrack = new Conntrack()
  const ports = new SourcePorts()
  const took: number[] = []
  const dumps: number[] = []
  const steps = new StepTimes()
  const schedule = raceSchedule('after-snapshot', 0)
  for (let number = 1; number <= rounds; number++) {
    dumps.push(timed(() => conntrack.dumpRaw(4)).took)
    const attempt = {
      ...plan,
      cohort: plan.id,
      purpose: 'race',
      schedule,
      id: `bench ${number}`,
      number,
      ports: ports.take(flows),
      aside: async (step: Step) => steps.next(step),
    } as const
    const record = (...events: readonly AttemptEvent[]): void => {
      if (events.some((event) => event.type === 'observed' && event.moment === 'replied')) steps.next('clean-up')
    }
    const start = performance.now()
    steps.begin()
    await runAttempt(lab, attempt, record, AbortSignal.timeout(60_000))
    steps.next('set-up')
    took.push(performance.now() - start)
  }
  return { attemptMs: median(took), dumpMs: median(dumps), steps: steps.medians() }
}

const against = (what: string, { attemptMs, dumpMs, steps }: Sample, times: number): Figure => ({
  what: `${what}: ${(attemptMs / dumpMs).toFixed(2)} × a dump`,
  parts: steps,
  value: attemptMs,
  unit: 'ms',
  floor: { what: 'one kernel conntrack dump', value: dumpMs },
  goal: { text: `≤ ${times} × the dump`, met: attemptMs <= times * dumpMs },
})

async function reuses(lab: LabTestbed, id: string): Promise<Figure> {
  const ports = new SourcePorts().take(loopPorts)
  const { clientIp: localIp, serverAddress: remote } = lab
  const { channel } = new NamespaceRunner('client', labNames(id).client).spawn(reuseLoopProtocol, reuseLoopFile)
  await using loop = channel
  const { reuses: made, elapsedMs } = await loop.request('run', { localIp, remote, ports, durationMs: loopMs })
  const value = (made / elapsedMs) * 1000
  return {
    what: 'fixed ports, TCP',
    value,
    unit: 'reuses/s',
    floor: { what: 'node:net on loopback, any port', value: await plainConnections() },
    goal: { text: '≥ 3,000 reuses/s', met: value >= 3_000 },
  }
}

/** Measures what plain Node sockets achieve: connections per second, one after the other, each ended by a reset. */
async function plainConnections(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}).resume())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('bug: a listening TCP server has no port')
  const start = performance.now()
  let made = 0
  for (; performance.now() - start < loopMs; made++) {
    const socket = connect(address.port, '127.0.0.1')
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    await new Promise((resolve) => socket.once('close', resolve).resetAndDestroy())
  }
  const rate = (made / (performance.now() - start)) * 1000
  await new Promise((resolve) => server.close(resolve))
  return rate
}
