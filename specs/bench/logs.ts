/** Measures how fast `npa-race explain` reads a log, compared with counting lines of the same file by `zcat | grep -c`, and its memory. */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import type { Figure } from './figure.ts'

const command = fileURLToPath(new URL('../../fixtures/cli/npa-race.ts', import.meta.url))
const megabytes = 1000

/** Lines as an agent at level debug writes them: mostly about flows, a pass every 1500 of them, and 200 deletes in every second pass. */
function* log(): Generator<string> {
  let at = Date.UTC(2026, 10, 24)
  let length = 0
  const line = (level: string, msg: string): string =>
    `${JSON.stringify({ level, ts: new Date(at).toISOString(), caller: 'runtime/asm_amd64.s:1700', msg })}\n`
  for (let pass = 0; length < megabytes * 1e6; pass++) {
    const lines = [line('info', 'Check for any stale entries in the conntrack map')]
    const end = pass % 2 === 0 ? 'hydrated local conntrack cache' : 'Done cleanup of conntrack map'
    for (let entry = 0; entry < 200 * (pass % 2); entry++) lines.push(line('info', deleted(entry)))
    lines.push(line('info', end))
    for (let flow = 0; flow < 1500; flow++) {
      at += 100
      const verdict = flow % 5 === 0 ? 'DENY' : 'ACCEPT'
      lines.push(line(verdict === 'DENY' ? 'info' : 'debug', judged(flow, verdict)))
    }
    const text = lines.join('')
    length += text.length
    yield text
  }
}

const deleted = (entry: number): string =>
  `Conntrack cleanup Delete - Conntrack Key : Source IP - 10.0.0.${entry} Source port - ${40_000 + entry} Dest IP - 10.0.1.2 Dest port - 8080 Protocol - 6 Owner IP - 10.0.1.2 Ifindex - 7`
const judged = (flow: number, verdict: string): string =>
  `Flow Info: Src IP: 10.2.0.${flow % 250} Src Port: ${1024 + flow} Dest IP: 10.3.1.2 Dest Port: 443 Proto TCP Verdict ${verdict} Direction egress, Tier DEFAULT`

/** Runs a shell command. @returns its time in seconds, and the most memory that a process of it used, in megabytes */
async function measured(shell: string): Promise<{ seconds: number; memory: number }> {
  const start = performance.now()
  const script = `import os, resource, sys; code = os.system(sys.argv[1]); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code != 0)`
  const peak = await run('python3', ['-c', script, `(${shell}) > /dev/null`], { timeoutSeconds: 600 })
  return { seconds: (performance.now() - start) / 1000, memory: Number(peak) / 1000 }
}

export async function logFigures(): Promise<Figure[]> {
  using folder = temporaryFolder('bench')
  const file = join(folder.path, 'network-policy-agent.log.gz')
  await pipeline(Readable.from(log()), createGzip({ level: 1 }), createWriteStream(file))
  const floor = await measured(`zcat ${file} | grep -c DENY`)
  const explain = await measured(`${process.execPath} ${command} explain ${file}`)
  return [
    {
      what: `explain reads ${megabytes / 1000} GB of log`,
      value: explain.seconds,
      unit: 's',
      floor: { what: 'zcat | grep -c', value: floor.seconds },
      goal: { text: '≤ 60 s', met: explain.seconds <= 60 },
    },
    {
      what: 'its memory',
      value: explain.memory,
      unit: 'MB',
      floor: { what: 'zcat | grep -c', value: floor.memory },
      goal: { text: '≤ 300 MB', met: explain.memory <= 300 },
    },
  ]
}
