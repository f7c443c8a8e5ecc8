/** Defines the cleanups of the concurrent model: what the agent does, in atomic steps, and the datapath that it needs. */
import type { Datapath } from './datapath.ts'
import { startWaiting, wait } from './grace-period.ts'
import { twoGenerations } from './two-generations.ts'
import { isQuiet, withElement, type Knowledge, type World } from './world.ts'

/** What a step changes, and the step after it. */
interface AgentOutcome {
  readonly world?: World
  readonly knows?: Partial<Knowledge>
  readonly to: string
}

/** Returns undefined while the step has to wait. */
export type AgentStep = (world: World, knows: Knowledge) => AgentOutcome | undefined

export interface ConcurrentCleanup {
  readonly datapath: Datapath
  /** The first step of a pass. The agent comes back to it after each pass, and with nothing known after a restart. */
  readonly first: string
  readonly steps: Readonly<Record<string, AgentStep>>
  /** Whether the map is full, so that the kernel may evict an element at any time. */
  readonly isFull?: boolean
  /** Whether it reads the destroy events of the kernel. */
  readonly readsEvents?: boolean
  /** Whether elements have timers. An element whose timer may end is marked; a hit removes the mark. */
  readonly hasTimers?: boolean
}

const plain: Datapath = { writesOnHit: false, stampsNew: false, asksKernel: false, generations: false }
const stamping: Datapath = { ...plain, stampsNew: true, writesOnHit: true }

/** Deletes the element with this key, whichever it is now. No call of the kernel deletes an element only if it is a certain one. */
const remove =
  (to: string): AgentStep =>
  (world, { stale }) => ({
    world: stale ? withElement(world, 0, undefined) : world,
    to,
  })
const isOlder = ({ maps: [element] }: World, time: number): boolean => element !== undefined && element.seen < time

/**
 * Copies the keys, dumps conntrack at the next tick, and then decides. All releases since v1.1.2 do this. A tick comes seconds later, when
 * no packet is on its way that was there at the tick before.
 */
const twoPhase = (datapath: Datapath, steps: Readonly<Record<string, AgentStep>>): ConcurrentCleanup => ({
  datapath,
  first: 'copies the keys',
  steps: {
    'copies the keys': (world) => ({ knows: { copied: world.maps[0] !== undefined }, to: 'waits for the next tick' }),
    'waits for the next tick': startWaiting('comes to the next tick'),
    'comes to the next tick': wait('takes the time'),
    'takes the time': ({ now }) => ({ knows: { began: now }, to: 'dumps conntrack' }),
    'dumps conntrack': ({ kernel }, { copied }) => ({ knows: { missing: copied && !kernel }, to: 'decides' }),
    deletes: remove('copies the keys'),
    ...steps,
  },
})

/** Compares the element's stamp with the time before the dump, right before the delete. */
const guarded = (steps: Readonly<Record<string, AgentStep>> = {}): ConcurrentCleanup =>
  twoPhase(stamping, { decides: decidesByStamp, ...steps })

const decidesByMiss: AgentStep = (_, { missing }) => ({ knows: { stale: missing }, to: 'deletes' })

const decidesByStamp: AgentStep = (world, { missing, began }) => ({
  knows: { stale: missing && isOlder(world, began) },
  to: 'deletes',
})

/** Whether a timer may end that is longer than all timeouts of conntrack: the flow was idle for so long since the last hit, or is so now. */
const isIdle = (world: World): boolean => world.maps[0] !== undefined && (world.maps[0].marked || isQuiet(world))

export const concurrentCleanups = {
  /** Dumps conntrack first, and then walks the map. */
  immediate: {
    datapath: plain,
    first: 'dumps conntrack',
    steps: {
      'dumps conntrack': ({ kernel }) => ({ knows: { missing: !kernel }, to: 'reads the map' }),
      'reads the map': ({ maps }, { missing }) => ({
        knows: { stale: missing && maps[0] !== undefined },
        to: 'deletes',
      }),
      deletes: remove('dumps conntrack'),
    },
  },
  alternating: twoPhase(plain, { decides: decidesByMiss }),
  'consecutive-miss': twoPhase(plain, {
    decides: (_, { missing, missedBefore }) => ({
      knows: { stale: missing && missedBefore, missedBefore: missing },
      to: 'deletes',
    }),
  }),
  /** Compares monotonic stamps with the wall clock, which is ahead of all of them. */
  'timestamp-guard': twoPhase(
    { ...plain, stampsNew: true },
    {
      decides: decidesByStamp,
      'takes the time': () => ({ knows: { began: Infinity }, to: 'dumps conntrack' }),
    },
  ),
  'last-seen': guarded(),
  /** Compares and deletes in one eBPF program. It still takes two calls of the kernel's map code, so another processor can come between. */
  'compare-and-delete': guarded(),
  /** Compares and deletes in one atomic step. No kernel offers this; the model shows whether it would be enough. */
  'atomic compare-and-delete': guarded({
    decides: (world, { missing, began }) => ({
      world: missing && isOlder(world, began) ? withElement(world, 0, undefined) : world,
      to: 'copies the keys',
    }),
  }),
  /** Marks the element first. A later pass deletes it if no packet has removed the mark. */
  tombstone: twoPhase(stamping, {
    decides: ({ maps: [element] }, { missing }) => ({
      knows: { stale: missing && element !== undefined && element.marked },
      to: 'deletes',
    }),
    deletes: remove('marks'),
    marks: (world, { missing }) => {
      const [element] = world.maps
      return {
        world: missing && element ? withElement(world, 0, { ...element, marked: true }) : world,
        to: 'copies the keys',
      }
    },
  }),
  /** The cleanup of `alternating`, which loses flows. The datapath heals a reply before it is judged. */
  'ct-lookup': twoPhase({ ...plain, asksKernel: true }, { decides: decidesByMiss }),
  /** Deletes what the kernel reported as destroyed, if it is missing in a dump and was not stamped since the pass began. */
  'destroy-events': {
    datapath: stamping,
    readsEvents: true,
    first: 'takes the time',
    steps: {
      'takes the time': ({ now }) => ({ knows: { began: now }, to: 'dumps conntrack' }),
      'dumps conntrack': ({ kernel }) => ({ knows: { missing: !kernel }, to: 'reads the destroy events' }),
      'reads the destroy events': (world, { ended }) => ({
        world: { ...world, destroyed: false },
        knows: { ended: world.maps[0] !== undefined && (ended || world.destroyed) },
        to: 'decides',
      }),
      decides(world, { missing, ended, began }) {
        const stale = missing && ended && isOlder(world, began)
        return { knows: { stale, ended: ended && !stale }, to: 'deletes' }
      },
      deletes: remove('takes the time'),
    },
  },
  /**
   * No agent: each element has a timer, which a hit starts again. When it ends, the kernel deletes the element in one atomic step. The timer is longer than
   * all timeouts of conntrack, so conntrack has forgotten the flow before it ends.
   */
  'idle-timer': {
    datapath: stamping,
    hasTimers: true,
    first: 'does nothing, and the timer deletes the element',
    steps: {
      'does nothing, and the timer deletes the element': (world) =>
        isIdle(world)
          ? { world: withElement(world, 0, undefined), to: 'does nothing, and the timer deletes the element' }
          : undefined,
    },
  },
  'two-generations': twoGenerations({ waitsAfterSwap: true, copies: true, waitsAfterCopy: true }),
  /** No cleanup at all. If the map is full, the kernel evicts the element that was not used for the longest time, live or not. */
  'never-deletes': { datapath: plain, first: 'waits', steps: { waits: () => undefined }, isFull: true },
} satisfies Record<string, ConcurrentCleanup>
