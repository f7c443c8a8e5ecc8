/**
 * Measures what `npa-race watch`, as its image runs it, costs a node with 3,000 new flows a second and a pass over many entries: processor time and
 * memory of the program, and what a system call of another process takes. It must be run in its own network and mount namespace, with an eBPF file system at FOLDER, so that it
 * leaves nothing behind. Prints its figures as JSON.
 *
 * Usage: watch.ts FOLDER
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { flowOfKey, keyCodec } from '../../helpers/codecs/map-key.ts'
import { BpfObject } from '../../fixtures/kernel/bpf-object.ts'
import { Conntrack } from '../../fixtures/kernel/conntrack.ts'
import { RingBuffer } from '../../fixtures/kernel/ring-buffer.ts'
import { watchProgram } from '../../fixtures/install/watch-image.ts'
import { cacheBundles, cachedBundle } from '../../fixtures/remote/program-bundle.ts'
import { callTime } from './call-time.ts'
import type { Figure } from './figure.ts'
import { MemoryGroup } from './memory-group.ts'

const [folder = ''] = process.argv.slice(2)
const datapath = fileURLToPath(new URL('../../fixtures/kernel/bpf/datapath.o', import.meta.url))

const flowsPerSecond = 3_000
/** Entries that a pass deletes. */
const stale = 20_000
const seconds = 10
const everyMs = 10
const rounds = 5

const codec = keyCodec(24)
const keyOf = (index: number): Buffer =>
  codec.encode({
    tuple: {
      protocol: 'tcp',
      source: { ip: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`, port: 40_000 },
      destination: { ip: '10.255.0.1', port: 8080 },
    },
    ownerIp: '10.0.0.1',
    ifindex: 2,
  })

/**
 * An IPv6 packet, which the datapath evaluates and reports. The watch reads the records as the agent's own, which have another layout: the end of this
 * source is where those have their verdict. It is not 0, so the watch sees flows that are allowed.
 */
function packetOf(): Buffer {
  const packet = Buffer.alloc(96)
  packet.writeUInt16BE(0x86dd, 12)
  packet[14] = 0x60
  packet[20] = 6
  packet.writeUInt32BE(0xfd_00_00_00, 22)
  packet.writeUInt32LE(1, 34)
  packet.writeUInt32BE(0xfd_00_00_00, 38)
  packet.writeUInt32LE(2, 50)
  packet[66] = 0x50
  return packet
}

/** Reads proc_pid_stat(5). @returns the processor time of a process, of user and kernel, in seconds */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

using object = BpfObject.open(datapath)
object.setMap('conntrack', { keyBytes: 24, valueBytes: 16, maxEntries: 200_000 })
object.load()
const pins = { map: join(folder, 'map'), verdicts: join(folder, 'verdicts') }
object.pinMap('conntrack', pins.map)
object.pinMap('verdicts', pins.verdicts)
const map = object.map('conntrack')
// The agent reads its events; otherwise the ring would be full after some seconds.
let recorded = 0
new RingBuffer(object.map('verdicts'), 48, () => recorded++, 20).watch()

/** The shortest, because other work on the machine only makes a call longer. */
async function shortestCall(): Promise<number> {
  const took: number[] = []
  for (let round = 0; round < rounds; round++) took.push(await callTime())
  return Math.min(...took)
}

const aloneBefore = await shortestCall()

/** As in `kind/watch.Dockerfile`. */
const nodeFlags = ['--max-semi-space-size=1']
await cacheBundles([watchProgram.file])
const program = cachedBundle(watchProgram.file) ?? watchProgram.file
const memory = new MemoryGroup(`npa-race-bench-${process.pid}`)
const command = [process.execPath, ...nodeFlags, program, '--map', pins.map, '--verdicts', pins.verdicts]
const watch = spawn('sh', ['-c', `${memory.enter} && exec "$@"`, 'sh', ...command], {
  stdio: ['ignore', 'ignore', 'pipe'],
})
await once(watch.stderr, 'data')
const { pid = 0 } = watch

const watchedCall = await shortestCall()

/** A program that says that it has started, and waits for its input to end. */
const waits = 'console.log(1); process.stdin.resume()'

const packet = packetOf()

/** Makes new flows for some seconds. @returns the processor time of the command, in seconds */
async function underLoad(lasts: number, also: () => void): Promise<number> {
  const before = cpuSeconds(pid)
  const start = performance.now()
  also()
  for (let made = 0; performance.now() - start < lasts * 1000;) {
    const due = ((performance.now() - start) / 1000) * flowsPerSecond
    for (; made < due; made++) object.runOnce('ingress_v6', packet)
    await sleep(everyMs)
    memory.look()
  }
  return cpuSeconds(pid) - before
}

async function underPass(): Promise<number> {
  for (let index = 0; index < stale; index++) map.update(keyOf(index), Buffer.alloc(16))
  return underLoad(seconds, () => {
    for (let index = 0; index < stale; index++) map.delete(keyOf(index))
  })
}

async function idleMegabytes(): Promise<number> {
  await using group = new MemoryGroup(`npa-race-bench-${process.pid}-idle`)
  const idle = spawn('sh', ['-c', `${group.enter} && exec "$@"`, 'sh', process.execPath, ...nodeFlags, '-e', waits], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(idle.stdout, 'data')
  group.look()
  idle.kill()
  return group.peakMegabytes
}

await underPass() // A watch lasts for hours, and its code is compiled during its first passes.
const flowsOnly = await underLoad(seconds, () => {})
const withPass = await underPass()
if (recorded < flowsPerSecond * seconds) throw new Error(`the datapath recorded only ${recorded} flows`)
watch.kill('SIGINT')
await memory[Symbol.asyncDispose]()
const aloneCall = Math.min(aloneBefore, await shortestCall())

/** What it takes at least to ask the kernel about each deleted entry. */
const flows = Array.from({ length: stale }, (_, index) => flowOfKey(keyOf(index))).filter((flow) => flow !== undefined)
using conntrack = new Conntrack()
conntrack.hasMany(flows)
const before = process.cpuUsage()
conntrack.hasMany(flows)
const { user, system } = process.cpuUsage(before)

const cpu = (100 * flowsOnly) / seconds
const perDelete = ((withPass - flowsOnly) * 1e6) / stale
/** The agent's default period is 300 s. */
const passes = (100 * perDelete * 100_000) / 300e6
const figures: Figure[] = [
  {
    what: `watch, with ${flowsPerSecond} new flows/s and a pass over 100,000 entries every 300 s`,
    value: cpu + passes,
    unit: '% of a core',
    parts: [
      { what: 'new flows', value: cpu },
      { what: 'passes', value: passes },
    ],
    floor: { what: 'a core', value: 100 },
    goal: { text: '≤ 1 %', met: cpu + passes <= 1 },
  },
  {
    what: 'watch, for each entry that the agent deletes',
    value: perDelete,
    unit: 'µs',
    floor: { what: 'only asking the kernel', value: (user + system) / stale },
  },
  {
    what: 'its memory, as Kubernetes counts it',
    value: memory.peakMegabytes,
    unit: 'MB',
    floor: { what: 'a Node program that does nothing', value: await idleMegabytes() },
    goal: { text: '≤ 64 MB', met: memory.peakMegabytes <= 64 },
  },
  {
    what: `system call of another process: ${(watchedCall / aloneCall).toFixed(2)} × unwatched`,
    value: watchedCall,
    unit: 'ns',
    floor: { what: 'while nothing is watched', value: aloneCall },
    goal: { text: '≤ 1.01 ×', met: watchedCall <= 1.01 * aloneCall },
  },
]
process.stdout.write(JSON.stringify(figures), () => process.exit())
