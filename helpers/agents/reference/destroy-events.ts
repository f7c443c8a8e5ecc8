/**
 * Deletes an entry after the kernel has reported that it forgot the flow (`NFNLGRP_CONNTRACK_DESTROY`). A generation check follows: it keeps the entry
 * if conntrack has the flow again, or if the datapath has seen it since the pass began. Our own design, from the events that conntrack offers.
 *
 * A packet that comes between the last look and the delete is too late. Entries whose event was missed stay in the map for ever: those of flows that
 * ended while no agent was running, and on kernels since 5.19 those of flows that began then (nf_conntrack_events=2 tracks events of a flow
 * only if somebody listens when it begins).
 */
import type { CleanupAlgorithm, Key } from './agent-view.ts'

export const destroyEvents: CleanupAlgorithm = (view) => {
  view.destroyed() // From here on, the kernel keeps the events.
  let ended: readonly Key[] = []
  return {
    pass() {
      const began = view.monotonic()
      const inKernel = view.dump()
      // After the dump, because the dump itself makes the kernel forget flows that have expired.
      const wasDestroyed = view.destroyed()
      const keys = view.walk()
      const known = new Set(ended)
      const candidates = keys.filter((key) => known.has(key) || wasDestroyed(key))
      const left = candidates.filter((key) => {
        if (inKernel(key)) return true
        const entry = view.read(key)
        if (!entry || (entry.stamp ?? 0n) >= began) return true
        view.delete(key)
        return false
      })
      const kept = left.filter((key) => !inKernel(key)).length
      ended = left
      return { pass: 'compare', tracked: keys.length, deleted: candidates.length - left.length, kept }
    },
  }
}
