/**
 * Deletes no key that a live flow needs. Our own design; the argument for it is in `helpers/model/concurrent/two-generations.ts`.
 *
 * Each entry is of one of two generations. The datapath adds flows to the current one, and copies to it what it finds only in the previous
 * one. A pass copies what conntrack has, deletes the previous generation, and swaps the two. It waits twice for the packets that are in the
 * datapath: before the dump, so that conntrack has each flow of the previous generation that can still get a reply; and before the deletes, so that no packet
 * is left that missed the flow in the current generation before it was copied.
 */
import type { AgentView, CleanupAlgorithm, CleanupLoop, Generations } from './agent-view.ts'

export const twoGenerations: CleanupAlgorithm = (view) => loop(view, true)

/** Lacks the copy, so it deletes the entries of live flows that have sent nothing since the last pass. */
export const twoGenerationsUncopied: CleanupAlgorithm = (view) => loop(view, false)

function loop(view: AgentView, copies: boolean): CleanupLoop {
  const generations = generationsOf(view)
  return {
    pass() {
      // First and not last, so that an agent that was killed after its swap waits when it is started again.
      generations.waitForPackets()
      const current = generations.current()
      const keys = view.walk()
      const previous = keys.filter((key) => generations.of(key) !== current)
      const inKernel = view.dump()
      const live = previous.filter(inKernel)
      if (copies) for (const key of live) generations.copy(key)
      generations.waitForPackets()
      for (const key of previous) view.delete(key)
      generations.swap()
      return { pass: 'compare', tracked: keys.length, deleted: previous.length, kept: live.length }
    },
  }
}

function generationsOf({ generations }: AgentView): Generations {
  if (!generations) throw new TypeError('bug: reference:two-generations was started on a map without generations')
  return generations
}
