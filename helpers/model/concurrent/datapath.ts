/** Defines what a packet does in the datapath and in the kernel's conntrack, in atomic steps. */
import { other, withElement, type Element, type MapIndex, type Packet, type World } from './world.ts'

/** What a step changes, and the step after it. A packet that is denied is dropped. */
interface PacketOutcome {
  readonly world?: World
  readonly packet?: Partial<Packet>
  readonly to: string
}

export type PacketStep = (world: World, packet: Packet) => PacketOutcome

/** A packet's program: its first step, and all steps by name. The names `end` and `denied` end it. */
export interface PacketProgram {
  readonly first: string
  readonly steps: Readonly<Record<string, PacketStep>>
}

/** How the map is used by packets. */
export interface Datapath {
  /** Whether a hit writes to the element: the time, or that it is not marked any more. */
  readonly writesOnHit: boolean
  /** Whether a new element gets a time stamp. */
  readonly stampsNew: boolean
  /** Whether a reply that is missing in the map is looked up in the kernel's table, and repairs the map if the kernel has it. */
  readonly asksKernel: boolean
  /** Whether there is a second map, whose hits are copied to the first. */
  readonly generations: boolean
}

/** Where the datapath stands: before the kernel's conntrack (a pod that sends) or after it (a pod that receives). */
export type Hook = 'before conntrack' | 'after conntrack'

const fresh = (world: World): Element => ({ added: world.now, seen: world.now, marked: false })

/** Looks the flow up in a map. A program that finds it keeps a pointer to the element. */
const look = (world: World, map: MapIndex, hit: string, miss: string): PacketOutcome => {
  const element = world.maps[map]
  return element ? { packet: { element: element.added }, to: hit } : { to: miss }
}

/** Writes to the element that was looked up. If it is not in the map any more, the write has no effect that anyone can see. */
const write = (world: World, { element }: Packet, map: MapIndex): World => {
  const there = world.maps[map]
  return there && there.added === element
    ? withElement(world, map, { ...there, seen: world.now, marked: false })
    : world
}

const ofOneMap = (
  { writesOnHit, asksKernel }: Datapath,
  pass: string,
  isReply: boolean,
): Record<string, PacketStep> => ({
  'looks the flow up': (world) =>
    look(
      world,
      0,
      writesOnHit ? 'stamps the element' : pass,
      isReply ? (asksKernel ? 'asks conntrack' : 'denied') : 'adds the flow',
    ),
  'stamps the element': (world, packet) => ({ world: write(world, packet, 0), to: pass }),
  'asks conntrack': ({ kernel }) => ({ to: kernel ? 'adds the flow' : 'denied' }),
  'adds the flow': (world) => ({ world: withElement(world, 0, fresh(world)), to: pass }),
})

/** Reads once which map is the current one, so that a packet sees one answer. */
const ofTwoMaps = (pass: string, isReply: boolean): Record<string, PacketStep> => ({
  'looks the flow up': ({ current }) => ({ packet: { current, hasRead: true }, to: 'looks in the current map' }),
  'looks in the current map': (world, { current }) => look(world, current, pass, 'looks in the previous map'),
  'looks in the previous map': (world, { current }) =>
    look(world, other(current), 'adds the flow', isReply ? 'denied' : 'adds the flow'),
  'adds the flow': (world, { current }) => ({
    world: world.maps[current] ? world : withElement(world, current, fresh(world)),
    to: pass,
  }),
})

const stepsOf = (datapath: Datapath, pass: string, isReply: boolean): Record<string, PacketStep> =>
  datapath.generations ? ofTwoMaps(pass, isReply) : ofOneMap(datapath, pass, isReply)

const first = 'looks the flow up'

/** The server's reply. The kernel knows the flow already, so only the datapath matters. */
export const replyProgram = (datapath: Datapath): PacketProgram => ({ first, steps: stepsOf(datapath, 'end', true) })

/** A client's packet, which opens the flow or continues it. The policy allows it. */
export function forwardProgram(datapath: Datapath, hook: Hook): PacketProgram {
  const isBefore = hook === 'before conntrack'
  return {
    first: isBefore ? first : 'is confirmed by conntrack',
    steps: {
      ...stepsOf(datapath, isBefore ? 'is confirmed by conntrack' : 'arrives', false),
      'is confirmed by conntrack': (world) => ({ world: { ...world, kernel: true }, to: isBefore ? 'arrives' : first }),
      arrives: (world) => ({ world: { ...world, established: world.kernel }, to: 'end' }),
    },
  }
}
