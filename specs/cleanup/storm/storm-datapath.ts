/** The lab's datapath, whose programs the storm runs on packets of its own: no network is involved. */
import { fileURLToPath } from 'node:url'
import { addressBytes } from '../../../helpers/codecs/address.ts'
import { referenceAgent, type ReferenceAlgorithm } from '../../../helpers/agents/reference.ts'
import type { Hook } from '../../../helpers/model/concurrent/datapath.ts'
import type { BpfMap } from '../../../fixtures/kernel/bpf-map.ts'
import { openDatapath, ruleKey, sizesOf, constants } from '../../../fixtures/targets/lab/datapath.ts'
import { BpfObject } from '../../../fixtures/kernel/bpf-object.ts'
import { firstPort, flowCount, tableBytes, type StormTable } from './storm-conntrack.ts'

const client = '10.77.0.2'
const server = { ip: '10.77.1.2', port: 8080 } as const
/** TC_ACT_OK: the packet passes. */
const passes = 0

const stormFile = fileURLToPath(new URL('../../../fixtures/kernel/bpf/example-storm.o', import.meta.url))

/** The program that a packet of the client runs, by where the datapath stands. */
const forwardPrograms = { 'after conntrack': 'egress_v4', 'before conntrack': 'send_v4' } as const satisfies Record<
  Hook,
  string
>

interface End {
  readonly ip: string
  readonly port: number
}

/** A TCP packet over IPv4 with its Ethernet header. The datapath reads neither flags nor checksums. */
function packet(source: End, destination: End): Buffer {
  const bytes = Buffer.alloc(54)
  bytes.writeUInt16BE(0x0800, 12)
  bytes.writeUInt8(0x45, 14)
  bytes.writeUInt16BE(40, 16)
  bytes.writeUInt8(64, 22)
  bytes.writeUInt8(6, 23)
  bytes.set(addressBytes(source.ip), 26)
  bytes.set(addressBytes(destination.ip), 30)
  bytes.writeUInt16BE(source.port, 34)
  bytes.writeUInt16BE(destination.port, 36)
  bytes.writeUInt8(0x50, 46)
  return bytes
}

export class StormDatapath implements Disposable {
  readonly #object: BpfObject
  readonly #hook: Hook
  readonly #forward: readonly Buffer[]
  readonly #replies: readonly Buffer[]

  /** Loads the datapath that belongs to this cleanup. The policy allows the client to open flows to the server. */
  constructor(algorithm: ReferenceAlgorithm, hook: Hook = 'after conntrack') {
    this.#hook = hook
    const { stamp, asksConntrack, hasGenerations = false } = referenceAgent(algorithm)
    this.#object = hook === 'before conntrack' ? BpfObject.open(stormFile) : openDatapath(asksConntrack)
    this.#object.setReadOnlyData(constants({ stamp, hasGenerations }))
    // Far more entries than flows, so that the map never evicts one.
    this.#object.setMap('conntrack', { ...sizesOf({ ip: 4, stamp }), maxEntries: 16 * flowCount })
    this.#object.autoload([forwardPrograms[hook], 'ingress_v4'])
    this.#object.load()
    this.#object
      .map('rules')
      .update(ruleKey({ protocol: 'tcp', to: server, peer: server.ip, direction: 'egress' }), Buffer.from([1]))
    const ends = Array.from({ length: flowCount }, (_, flow) => ({ ip: client, port: firstPort + flow }))
    this.#forward = ends.map((end) => packet(end, server))
    this.#replies = ends.map((end) => packet(server, end))
  }

  map(name: 'conntrack' | 'generation'): BpfMap {
    return this.#object.map(name)
  }

  /** Makes a table that stands in for conntrack. No flow is in it. */
  newTable(): StormTable {
    return this.#hook === 'before conntrack'
      ? { hook: this.#hook, map: this.#object.map('confirmed').info.id }
      : { hook: this.#hook, memory: new SharedArrayBuffer(tableBytes) }
  }

  /** Runs the datapath on a packet of the client. @returns whether it passes */
  forward(flow: number): boolean {
    return this.#passes(forwardPrograms[this.#hook], packetOf(this.#forward, flow))
  }

  /** Runs the datapath on a reply. @returns whether it passes */
  reply(flow: number): boolean {
    return this.#passes('ingress_v4', packetOf(this.#replies, flow))
  }

  /** Runs the datapath often on a packet of the client. @returns nanoseconds for one run, as the kernel measures them */
  forwardNs(flow: number, runs: number): number {
    return this.#object.nsOfRun('egress_v4', packetOf(this.#forward, flow), runs)
  }

  #passes(program: string, bytes: Buffer): boolean {
    return this.#object.runOnce(program, bytes) === passes
  }

  [Symbol.dispose](): void {
    this.#object[Symbol.dispose]()
  }
}

function packetOf(packets: readonly Buffer[], flow: number): Buffer {
  const bytes = packets[flow]
  if (!bytes) throw new RangeError(`bug: the storm has no flow ${flow}`)
  return bytes
}
