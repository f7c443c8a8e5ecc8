/** Simulates a small world of a few flows: the kernel's table, the policy map and the datapath. Records every event, and the true losses. */
import type { AttemptEvent } from '../../history/event.ts'
import { ns, type Ns } from '../../units.ts'

type OmitEach<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never
export type Happening = OmitEach<AttemptEvent, 'attempt' | 'at'>

type Moment = Extract<AttemptEvent, { type: 'observed' }>['moment']

export class World {
  readonly events: AttemptEvent[] = []
  readonly kernel = new Set<number>()
  /** The time of the last packet of each entry. Some datapaths stamp it. */
  readonly map = new Map<number, Ns>()
  /** Flows whose entry the agent deleted while they were in use. */
  readonly takenByAgent = new Set<number>()
  readonly #attempt: string
  readonly #flows: readonly number[]
  #now: number

  constructor(attempt: string, flows: readonly number[], now: number) {
    this.#attempt = attempt
    this.#flows = flows
    this.#now = now
  }

  /** Returns the next time: each event takes one millisecond. */
  now(): Ns {
    return ns((this.#now += 1e6))
  }

  happens(event: Happening, at: Ns = this.now()): void {
    this.events.push({ ...event, attempt: this.#attempt, at })
  }

  observe(moment: Moment): void {
    const split = (there: { has: (flow: number) => boolean }) => ({
      present: this.#flows.filter((flow) => there.has(flow)),
      absent: this.#flows.filter((flow) => !there.has(flow)),
    })
    this.happens({ type: 'observed', moment, kernel: split(this.kernel), map: split(this.map) })
  }

  /** Lets the client send a packet. Afterwards the kernel and the map have the flow. */
  packet(flow: number, at: Ns): void {
    const isNew = !this.map.has(flow)
    this.kernel.add(flow)
    this.map.set(flow, at)
    this.takenByAgent.delete(flow)
    if (isNew) this.happens({ type: 'verdict', flow, verdict: 'accept', direction: 'egress', reply: false }, at)
  }

  /** Evicts an entry, because the map is full. */
  evict(flow: number): void {
    if (this.map.delete(flow)) this.takenByAgent.delete(flow)
  }

  /** Lets the agent delete an entry. */
  deletes(flow: number): void {
    const isThere = this.map.delete(flow)
    if (isThere && this.kernel.has(flow)) this.takenByAgent.add(flow)
    this.happens({ type: 'agent.deleted', flow, result: isThere ? 0 : -2 })
  }
}
