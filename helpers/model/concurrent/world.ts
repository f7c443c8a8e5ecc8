/**
 * Defines the state of the concurrent model: one 5-tuple, up to two packets of the client and one reply that are on their way, and the agent, each on
 * a processor of its own. Each of them takes one atomic step at a time, in any order.
 */
import type { Tick } from '../state.ts'

/** Each map can be the one or the other of two. A cleanup with one map uses the first. */
export type MapIndex = 0 | 1

export interface Element {
  /** When the element was added. This is also its identity: a program that looked it up writes to this element, and not to a later one. */
  readonly added: Tick
  /** When the datapath last saw a packet of it. */
  readonly seen: Tick
  /** Whether the agent has marked it as a candidate for deletion. */
  readonly marked: boolean
}

/** A packet on its way through the datapath and the kernel's conntrack. */
export interface Packet {
  /** The name of its next step. */
  readonly at: string
  /** The number of the current map when the packet read it. */
  readonly current: MapIndex
  /** Whether it has read it. */
  readonly hasRead: boolean
  /** The element that it has looked up. */
  readonly element: Tick | undefined
  /** Whether the agent waits for the end of this packet's RCU read section. */
  readonly awaited: boolean
  /** Whether the kernel has forgotten the flow since the packet was sent. Such a packet may be denied. */
  readonly late: boolean
}

/** What the agent knows in its present pass. */
export interface Knowledge {
  /** Whether it has copied the key. */
  readonly copied: boolean
  /** Whether the flow was missing in the dump of the kernel's table. */
  readonly missing: boolean
  /** The time that stamps are compared with. */
  readonly began: Tick
  /** Whether it has decided to delete the element. */
  readonly stale: boolean
  /** Whether the flow was missing in the pass before, too. */
  readonly missedBefore: boolean
  /** Whether the kernel has reported since the element was added that it forgot the flow. */
  readonly ended: boolean
}

export interface World {
  readonly now: Tick
  /** Whether the kernel's table has the flow: it is live. */
  readonly kernel: boolean
  /** Whether the server has received a packet of the live flow. If so, it may reply at any time. */
  readonly established: boolean
  readonly maps: readonly [Element | undefined, Element | undefined]
  /** The number of the map that new elements go to. With two maps, the other one is the previous map. */
  readonly current: MapIndex
  /** Whether the kernel has sent a destroy event that the agent has not read. */
  readonly destroyed: boolean
  readonly forward: Packet | undefined
  /** Another packet of the client, on another processor. */
  readonly second: Packet | undefined
  readonly reply: Packet | undefined
  /** `at`: the name of its next step. */
  readonly agent: { readonly at: string; readonly knows: Knowledge }
}

export const nothingKnown: Knowledge = {
  copied: false,
  missing: false,
  began: 0,
  stale: false,
  missedBefore: false,
  ended: false,
}

/** Returns the world before the first packet. @param first the agent's first step */
export const emptyWorld = (first: string): World => ({
  now: 1,
  kernel: false,
  established: false,
  maps: [undefined, undefined],
  current: 0,
  destroyed: false,
  forward: undefined,
  second: undefined,
  reply: undefined,
  agent: { at: first, knows: nothingKnown },
})

export const newPacket = (first: string): Packet => ({
  at: first,
  current: 0,
  hasRead: false,
  element: undefined,
  awaited: false,
  late: false,
})

/** Returns the world with another element, or with none, in one map. */
export const withElement = (world: World, map: MapIndex, element: Element | undefined): World => ({
  ...world,
  maps: map === 0 ? [element, world.maps[1]] : [world.maps[0], element],
})

export const other = (map: MapIndex): MapIndex => (map === 0 ? 1 : 0)

/** Whether conntrack does not have the flow, and no packet of it is on its way. */
export const isQuiet = ({ kernel, forward, second, reply }: World): boolean => !kernel && !forward && !second && !reply

export const isInMap = ({ maps }: World): boolean => maps.some((element) => element !== undefined)

/**
 * Returns the same world for worlds that behave in the same way: only the order of times matters, so each time becomes its rank. This makes the number
 * of worlds finite.
 */
export function normalized(world: World): World {
  const { maps, forward, second, reply, agent } = world
  const times = [
    ...maps.flatMap((element) => (element ? [element.added, element.seen] : [])),
    forward?.element,
    second?.element,
    reply?.element,
    agent.knows.began,
  ].filter((time): time is Tick => time !== undefined && time !== Infinity)
  const ranks = new Map([...new Set([0, ...times])].toSorted((a, b) => a - b).map((time, rank) => [time, rank]))
  // The wall clock is ahead of every stamp, and stays so.
  const rank = (time: Tick): Tick => (time === Infinity ? Infinity : (ranks.get(time) ?? 0))
  const ofElement = (element: Element | undefined): Element | undefined =>
    element && { ...element, added: rank(element.added), seen: rank(element.seen) }
  const ofPacket = (packet: Packet | undefined): Packet | undefined =>
    packet && { ...packet, element: packet.element === undefined ? undefined : rank(packet.element) }
  return {
    ...world,
    now: ranks.size,
    maps: [ofElement(maps[0]), ofElement(maps[1])],
    forward: ofPacket(forward),
    second: ofPacket(second),
    reply: ofPacket(reply),
    agent: { ...agent, knows: { ...agent.knows, began: rank(agent.knows.began) } },
  }
}
