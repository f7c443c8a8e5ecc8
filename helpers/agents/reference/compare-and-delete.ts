/**
 * Decides like `last-seen`, but an eBPF program on the node compares the stamp and deletes the entry. Calico's cleaner deletes in this way: user
 * space names the entry and the stamp that it saw, and a program looks again before it deletes (pull request #10736, "Hybrid conntrack cleaner").
 *
 * No system call lies between the last look and the delete, so the agent cannot be held there. On another processor, a packet may still hit the entry
 * before the comparison and stamp it too late, or come between comparison and delete: a window of nanoseconds remains.
 */
import type { CleanupAlgorithm } from './agent-view.ts'
import { twoPhase } from './two-phase.ts'

export const compareAndDelete: CleanupAlgorithm = (view) =>
  twoPhase(view, () => {
    const began = view.monotonic()
    return { decide: (key) => (view.deleteUnseen(key, began) ? 'deleted' : 'kept') }
  })
