/**
 * Defines the cleanup that never deletes a key that a live flow needs. It has two maps: packets add flows to the *current* one, and copy what they
 * only find in the *previous* one. A pass copies what the kernel's table has, empties the previous map, and swaps the two.
 *
 * It waits twice until all packets have ended that were in the datapath before (an RCU grace period). After the swap, so that each flow that was
 * added to the map that is now the previous one is in the dump. After the copy, so that no packet is left that missed the flow in the current
 * map before the copy, and looks for it in the previous map after the delete.
 */
import type { AgentStep, ConcurrentCleanup } from './cleanups.ts'
import { startWaiting, wait } from './grace-period.ts'
import { other, withElement } from './world.ts'

/** What a pass does. Without any of these, it loses flows. */
export interface Guards {
  readonly waitsAfterSwap: boolean
  readonly copies: boolean
  readonly waitsAfterCopy: boolean
}

const skip =
  (to: string): AgentStep =>
  () => ({ to })

export const twoGenerations = ({ waitsAfterSwap, copies, waitsAfterCopy }: Guards): ConcurrentCleanup => ({
  datapath: { writesOnHit: false, stampsNew: false, asksKernel: false, generations: true },
  first: 'starts to wait for packets before the dump',
  steps: {
    // The first step of a pass and not the last one, so that an agent that was killed in between waits after its restart.
    'starts to wait for packets before the dump': waitsAfterSwap
      ? startWaiting('has waited before the dump')
      : skip('dumps conntrack'),
    'has waited before the dump': wait('dumps conntrack'),
    'dumps conntrack': ({ kernel }) => ({ knows: { missing: !kernel }, to: 'copies the flow to the current map' }),
    'copies the flow to the current map': (world, { missing }) => {
      const { maps, current } = world
      const element = maps[other(current)]
      const isCopied = copies && !missing && element && !maps[current]
      return {
        world: isCopied ? withElement(world, current, { ...element, added: world.now }) : world,
        to: 'starts to wait for packets before the delete',
      }
    },
    'starts to wait for packets before the delete': waitsAfterCopy
      ? startWaiting('has waited before the delete')
      : skip('deletes from the previous map'),
    'has waited before the delete': wait('deletes from the previous map'),
    'deletes from the previous map': (world) => ({
      world: withElement(world, other(world.current), undefined),
      to: 'swaps the maps',
    }),
    'swaps the maps': (world) => ({
      world: { ...world, current: other(world.current) },
      to: 'starts to wait for packets before the dump',
    }),
  },
})
