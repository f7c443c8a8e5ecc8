/**
 * Measures what each cleanup costs: per packet that hits its entry, per look at 100,000 live flows, and in memory of the map. It must be run in its own
 * network namespace, so that it leaves nothing behind. Prints the measurements as JSON.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { referenceAgent, type ReferenceAlgorithm } from '../../helpers/agents/reference.ts'
import { keyCodec } from '../../helpers/codecs/map-key.ts'
import { candidates, cleanups } from '../../helpers/model/matrix.ts'
import { KernelView } from '../../fixtures/agents/kernel-view.ts'
import { MapGenerations } from '../../fixtures/agents/map-generations.ts'
import type { BpfMap } from '../../fixtures/kernel/bpf-map.ts'
import { Conntrack } from '../../fixtures/kernel/conntrack.ts'
import { openDatapath, sizesOf } from '../../fixtures/targets/lab/datapath.ts'
import { StormDatapath } from '../cleanup/storm/storm-datapath.ts'
import { timed } from './figure.ts'
import { entries, tuple } from './live-flows.ts'
import type { MeasuredCleanup } from './cleanup-figures.ts'

/** Rounds of all cleanups in turn. The shortest counts, because whatever else the machine does makes a round longer. */
const packetRounds = 25
const lookRounds = 5
/** Runs of a program in one system call. */
const packets = 200_000

/** Measures each cleanup once per round, so that all of them see the same machine. */
function shortest(rounds: number, measures: readonly (() => number)[]): readonly number[] {
  const all = Array.from({ length: rounds }, () => measures.map((measure) => measure()))
  return measures.map((_, index) => Math.min(...all.map((round) => round[index] ?? Infinity)))
}

/** Returns a function that measures the nanoseconds for a packet whose flow has an entry. */
function packetNs(datapath: StormDatapath): () => number {
  datapath.forward(0)
  return () => datapath.forwardNs(0, packets)
}

/** Returns a function that measures the milliseconds for the passes in which the agent looks at each entry once. All flows are live. */
function lookMs(algorithm: ReferenceAlgorithm, datapath: StormDatapath, conntrack: Conntrack): () => number {
  const map = datapath.map('conntrack')
  const codec = keyCodec(map.info.keyBytes)
  const keys = Array.from({ length: entries }, (_, index) =>
    codec.encode({ tuple: tuple(index), ownerIp: '10.0.0.1', ifindex: 2 }),
  )
  map.updateBatch({ count: entries, keys: Buffer.concat(keys), values: Buffer.alloc(map.info.valueBytes * entries) })
  const { hasGenerations, rules } = referenceAgent(algorithm)
  const generations = hasGenerations && new MapGenerations(map, datapath.map('generation'))
  // All entries are of generation 0, so that the next pass has to copy each of them.
  generations?.swap()
  const cleanup = referenceAgent(algorithm).program(new KernelView(map, conntrack, 4, generations))
  const passes = rules.phases === 'two' ? 2 : 1
  return () => timed(() => Array.from({ length: passes }, () => cleanup.pass())).took
}

/** Bytes of a map that has room for the entries of 100,000 live flows. The kernel allocates all of them at once. */
function mapBytes(algorithm: ReferenceAlgorithm): number {
  const { stamp, hasGenerations } = referenceAgent(algorithm)
  using object = openDatapath()
  object.autoload([])
  object.setMap('conntrack', { ...sizesOf({ ip: 4, stamp }), maxEntries: entries * (hasGenerations ? 2 : 1) })
  object.load()
  return lockedBytes(object.map('conntrack'))
}

const lockedBytes = ({ fd }: BpfMap): number =>
  z.coerce
    .number()
    .positive()
    .parse(/^memlock:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1])

using conntrack = new Conntrack()
conntrack.createMany(
  Array.from({ length: entries }, (_, index) => tuple(index)),
  600,
)
const algorithms = [...cleanups, ...candidates].map(({ algorithm }) => algorithm)
using datapaths = new DisposableStack()
const measured = algorithms.map((algorithm) => ({ algorithm, datapath: datapaths.use(new StormDatapath(algorithm)) }))
const packet = shortest(
  packetRounds,
  measured.map(({ datapath }) => packetNs(datapath)),
)
const look = shortest(
  lookRounds,
  measured.map(({ algorithm, datapath }) => lookMs(algorithm, datapath, conntrack)),
)
process.stdout.write(
  JSON.stringify(
    algorithms.map((algorithm, index): MeasuredCleanup => ({
      algorithm,
      packetNs: packet[index] ?? 0,
      lookMs: look[index] ?? 0,
      mapBytes: mapBytes(algorithm),
    })),
  ),
)
