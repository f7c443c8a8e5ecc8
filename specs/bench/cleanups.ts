/**
 * Measures what a cleanup that loses nothing costs, compared with `alternating`: per packet that hits its entry, and per pass over 100,000 live flows. It must
 * be run in its own network namespace, so that it leaves nothing behind. Prints its figures as JSON.
 */
import { referenceAgent, type ReferenceAlgorithm } from '../../helpers/agents/reference.ts'
import { keyCodec } from '../../helpers/codecs/map-key.ts'
import { KernelView } from '../../fixtures/agents/kernel-view.ts'
import { MapGenerations } from '../../fixtures/agents/map-generations.ts'
import { Conntrack } from '../../fixtures/kernel/conntrack.ts'
import { StormDatapath } from '../cleanup/storm/storm-datapath.ts'
import { median, timed, type Figure } from './figure.ts'
import { entries, tuple } from './live-flows.ts'

const rounds = 5
/** Runs of a program in one system call. */
const packets = 200_000

/** Nanoseconds for a packet whose flow has an entry. */
function packetNs(algorithm: ReferenceAlgorithm): number {
  using datapath = new StormDatapath(algorithm)
  datapath.forward(0)
  return median(Array.from({ length: rounds }, () => datapath.forwardNs(0, packets)))
}

/** Milliseconds for the passes in which the agent looks at each entry once. All flows are live. */
function passMs(algorithm: ReferenceAlgorithm, conntrack: Conntrack): number {
  using datapath = new StormDatapath(algorithm)
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
  return median(
    Array.from({ length: rounds }, () => timed(() => Array.from({ length: passes }, () => cleanup.pass())).took),
  )
}

using conntrack = new Conntrack()
conntrack.createMany(
  Array.from({ length: entries }, (_, index) => tuple(index)),
  600,
)
const plain = { ns: packetNs('alternating'), ms: passMs('alternating', conntrack) }
const figures: Figure[] = (['two-generations', 'last-seen', 'compare-and-delete'] as const).flatMap((algorithm) => [
  {
    what: `${algorithm}, a packet that hits its entry`,
    value: packetNs(algorithm),
    unit: 'ns',
    floor: { what: 'alternating', value: plain.ns },
    goal: { text: 'none: what it costs', met: true },
  },
  {
    what: `${algorithm}, ${entries.toLocaleString('en-US')} live entries, once`,
    value: passMs(algorithm, conntrack),
    unit: 'ms',
    floor: { what: 'alternating', value: plain.ms },
    goal: { text: 'none: what it costs', met: true },
  },
])
process.stdout.write(JSON.stringify(figures))
