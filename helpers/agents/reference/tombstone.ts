/**
 * Deletes an entry in two steps. The first pass that misses the flow marks its entry, and a later pass that misses it again deletes it if it still
 * is marked. The mark is a stamp of 0, so that each packet removes it, with the datapath of `last-seen`. Our own design; tombstones are a common
 * technique of databases.
 *
 * A packet that comes between the second look and the delete is too late, so a flow that was idle for a pass is lost there.
 */
import type { CleanupAlgorithm } from './agent-view.ts'
import { twoPhase } from './two-phase.ts'

export const tombstone: CleanupAlgorithm = (view) =>
  twoPhase(view, () => ({
    decide(key) {
      const entry = view.read(key)
      if (!entry) return 'kept'
      if (entry.stamp !== 0n) {
        view.mark(key)
        return 'kept'
      }
      view.delete(key)
      return 'deleted'
    },
  }))
