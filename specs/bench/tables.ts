/**
 * Measures how fast map and conntrack entries are read and decoded, compared with reading alone. It must be run in its own network namespace, so that
 * it leaves nothing behind. Prints its figures as JSON.
 */
import { fileURLToPath } from 'node:url'
import { keyCodec } from '../../helpers/codecs/map-key.ts'
import { BpfObject } from '../../fixtures/kernel/bpf-object.ts'
import { Conntrack } from '../../fixtures/kernel/conntrack.ts'
import { median, timed, type Figure } from './figure.ts'
import { entries, tuple } from './live-flows.ts'

const rounds = 9

const perSecond = (milliseconds: readonly number[]): number => (entries / median(milliseconds)) * 1000

function mapFigure(): Figure {
  using object = BpfObject.open(fileURLToPath(new URL('../../fixtures/kernel/bpf/datapath.o', import.meta.url)))
  object.autoload([])
  object.setMap('conntrack', { keyBytes: 24, valueBytes: 16, maxEntries: 2 * entries })
  object.load()
  const map = object.map('conntrack')
  const codec = keyCodec(24)
  const keys = Array.from({ length: entries }, (_, index) =>
    codec.encode({ tuple: tuple(index), ownerIp: '10.0.0.1', ifindex: 2 }),
  )
  map.updateBatch({ count: entries, keys: Buffer.concat(keys), values: Buffer.alloc(16 * entries) })
  const read: number[] = []
  const decoded: number[] = []
  for (let round = 0; round < rounds; round++) {
    read.push(timed(() => map.readAll()).took)
    decoded.push(
      timed(() => {
        const { count, keys: bytes } = map.readAll()
        return Array.from({ length: count }, (_, index) => codec.decode(bytes, index * 24))
      }).took,
    )
  }
  const value = perSecond(decoded)
  return {
    what: `map, ${entries.toLocaleString('en-US')} entries, read and decoded`,
    value,
    unit: 'entries/s',
    floor: { what: 'read alone', value: perSecond(read) },
    goal: { text: '≥ 500,000 entries/s', met: value >= 500_000 },
  }
}

function conntrackFigure(): Figure {
  using conntrack = new Conntrack()
  conntrack.createMany(
    Array.from({ length: entries }, (_, index) => tuple(index)),
    600,
  )
  const raw: number[] = []
  const decoded: number[] = []
  for (let round = 0; round < rounds; round++) {
    raw.push(timed(() => conntrack.dumpRaw(4)).took)
    decoded.push(timed(() => conntrack.dump(4)).took)
  }
  const [value, floor] = [perSecond(decoded), perSecond(raw)]
  return {
    what: `conntrack, ${entries.toLocaleString('en-US')} entries, dumped and decoded`,
    value,
    unit: 'entries/s',
    floor: { what: 'dumped alone', value: floor },
    goal: { text: '≥ 60 % of the dump alone', met: value >= 0.6 * floor },
  }
}

process.stdout.write(JSON.stringify([mapFigure(), conntrackFigure()]))
