/** Takes the steps of an attempt in the small world, like the suite does on a testbed. */
import type { Schedule, Step } from '../../schedule/schedule.ts'
import { isPerFlow, type Window } from '../../windows.ts'
import { comparePass, type Algorithm, type Point } from './agent.ts'
import type { World } from './world.ts'

/** What happens to one flow in addition to the schedule. */
export interface Fate {
  /** The kernel does not forget the flow. */
  readonly stays: boolean
  /** The reuse of the flow fails. */
  readonly isNotReused: boolean
  /** When the map loses the entry for another reason than the agent. */
  readonly evicted: 'after its reuse' | 'before the reply' | 'never'
  /** The kernel forgets the flow again after its reuse. */
  readonly isIdleAgain: boolean
  /** The client sends a packet after the pass and before the reply. */
  readonly isRestored: boolean
  /** The client sends a packet after the reply was denied, and the reply is sent again. */
  readonly heals: boolean
}

export interface Attempt {
  /** The cleanup in this attempt. Attempts of the same run may have different ones. */
  readonly algorithm: Algorithm
  /** `race`: the schedule of the cohort. */
  readonly schedule: 'race' | Schedule
  readonly fates: readonly Fate[]
  /** The step at which a precondition is missed, if any: before the step, or after it. */
  readonly missed: { readonly step: number; readonly isAfter: boolean } | undefined
  /** With trigger `observed`: the point of the pass at which the flows are reused. */
  readonly reuseAt: number
}

/** Thrown if a precondition was not seen. */
export class Missed extends Error {}

export class Player {
  readonly lost = new Set<number>()
  /** The window in which each flow was reused. */
  readonly usedIn = new Map<number, Window>()
  readonly #world: World
  readonly #attempt: Attempt
  readonly #window: Window
  #copied: number[] = []
  #pass: Generator<Point, void> | undefined
  #armed: Window | undefined
  #held: Point | undefined
  #reused: number[] = []

  constructor(world: World, attempt: Attempt, window: Window) {
    this.#world = world
    this.#attempt = attempt
    this.#window = window
  }

  take(step: Step): void {
    const world = this.#world
    switch (step) {
      case 'open':
        for (const flow of this.#flows()) {
          const at = world.now()
          world.packet(flow, at)
          world.happens({ type: 'flow.opened', flow }, at)
        }
        return world.observe('opened')
      case 'hydrate':
        world.happens({ type: 'agent.walked', began: world.now() })
        this.#copied = [...world.map.keys()]
        return
      case 'expire':
        for (const flow of this.#flows()) if (!this.#fate(flow)?.stays) world.kernel.delete(flow)
        world.happens({ type: 'expired', expiry: 'forced', flows: this.#flows() })
        return world.observe('expired')
      case 'compare':
        this.#begin()
        return this.#finish()
      case 'reuse':
        return this.#reuse()
      case 'reuse:observed':
        return this.#reuseUnheld()
      case 'release':
        return this.#release()
      case 'reply':
        return this.#reply()
      case 'hold:after-snapshot':
      case 'hold:after-reread':
      case 'hold:before-delete':
        this.#armed = this.#window
        this.#begin()
        if (!this.#holdNext()) throw new Missed()
        return
      case 'reuse:predicted':
      case 'restart':
      case 'heal':
        throw new TypeError(`bug: the small world cannot play the step ${step}`)
    }
  }

  readonly #flows = (): number[] => this.#attempt.fates.map((_, flow) => flow)
  readonly #fate = (flow: number): Fate | undefined => this.#attempt.fates[flow]

  #begin(): void {
    this.#pass = comparePass(this.#world, this.#attempt.algorithm, this.#copied, () => this.#armed)
  }

  /** Continues the pass to its next point in the window, or to its end. Returns whether the agent is held. */
  #holdNext(): boolean {
    for (;;) {
      const next = this.#pass?.next()
      if (!next || next.done) return false
      if (next.value.window !== this.#armed) continue
      this.#held = next.value
      const { flow } = next.value
      this.#world.happens({ type: 'agent.held', window: this.#armed, ...(flow !== undefined && { flow }) })
      return true
    }
  }

  #release(): void {
    for (;;) {
      this.#world.happens({ type: 'agent.released' })
      if (!isPerFlow(this.#window)) this.#armed = undefined
      if (this.#armed === undefined || !this.#holdNext()) break
      const flow = this.#held?.flow
      if (flow !== undefined && !this.#reused.includes(flow)) this.#reuse()
    }
    this.#held = undefined
    this.#armed = undefined
    this.#finish()
  }

  #finish(): void {
    while (this.#pass?.next().done === false) continue
    this.#pass = undefined
    this.#copied = []
    this.#world.happens({ type: 'agent.pass', pass: 'ended' })
    this.#world.observe('passed')
  }

  /** Reuses the flow that the agent is held for, or all flows. */
  #reuse(): void {
    const held = this.#held
    const flows = held?.flow === undefined ? this.#flows() : [held.flow]
    for (const flow of flows) this.#use(flow, held && this.#window)
    if (this.#reused.length === 0) throw new Missed()
    this.#world.observe('reused')
    for (const flow of flows) if (this.#fate(flow)?.isIdleAgain) this.#world.kernel.delete(flow)
  }

  #use(flow: number, window: Window | undefined): void {
    if (this.#fate(flow)?.isNotReused) return
    const began = this.#world.now()
    this.#world.packet(flow, this.#world.now())
    this.#world.happens({ type: 'flow.reused', flow, began })
    if (window) this.usedIn.set(flow, window)
    this.#reused.push(flow)
    if (this.#fate(flow)?.evicted === 'after its reuse') this.#world.evict(flow)
  }

  #reuseUnheld(): void {
    this.#begin()
    let place = 0
    let hasDumped = false
    const looked = new Set<number>()
    for (;;) {
      const next = this.#pass?.next()
      const point = next && !next.done ? next.value : undefined
      if (point?.window === 'after-snapshot') hasDumped = true
      if (point?.window === 'after-reread' && point.flow !== undefined) looked.add(point.flow)
      if (place++ === this.#attempt.reuseAt || (!point && this.#reused.length === 0))
        for (const flow of this.#flows())
          this.#use(flow, point && hasDumped ? (looked.has(flow) ? 'after-reread' : 'after-snapshot') : undefined)
      if (!point) break
    }
    if (this.#reused.length === 0) throw new Missed()
    this.#finish()
  }

  #reply(): void {
    const world = this.#world
    const flows = this.#reused.length > 0 ? this.#reused : this.#flows()
    for (const flow of flows) {
      if (this.#fate(flow)?.evicted === 'before the reply') world.evict(flow)
      if (this.#fate(flow)?.isRestored) world.packet(flow, world.now())
    }
    for (const flow of flows) world.happens({ type: 'reply.sent', flow })
    const received = flows.filter((flow) => this.#arrives(flow))
    const missing = flows.filter((flow) => !received.includes(flow))
    world.happens({ type: 'client.observed', received, missing })
    world.observe('replied')
  }

  #arrives(flow: number): boolean {
    const world = this.#world
    const isThere = world.map.has(flow)
    if (!isThere) {
      world.happens({ type: 'verdict', flow, verdict: 'deny', direction: 'ingress', reply: true })
      if (world.takenByAgent.has(flow)) this.lost.add(flow)
      if (!this.#fate(flow)?.heals) return false
      world.packet(flow, world.now())
    }
    world.happens({ type: 'reply.received', flow })
    return true
  }
}
