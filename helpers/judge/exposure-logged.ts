/**
 * Decides whether a flow is provably an exposure if no probe sees the agent (trigger `predicted`). The agent's own log says what it did to the
 * entry of the flow, and the client runs on the same node and has the same clock. One of two things is a proof:
 *
 * - The log has a delete or a skip of the flow after the reuse was done.
 * - The log has a delete after the reuse had begun, and the reply was lost. Any packet of the flow after the delete would have restored the
 *   entry, so the delete came last.
 */
import { loggedPasses } from '../agent-log/passes.ts'
import { replyPrecondition, type Precondition } from './preconditions.ts'

/** Nanoseconds. The log rounds times down to whole milliseconds. */
const resolution = 1e6

export const loggedPreconditions: readonly Precondition[] = [
  { reason: 'the first connection was not opened', holds: ({ opened }, flow) => opened.has(flow) },
  {
    reason: 'the agent did not read the map after the connection was opened',
    holds: ({ log, opened }, flow) =>
      loggedPasses(log.passes).some(({ kind, began }) => kind === 'hydrate' && began >= (opened.get(flow) ?? Infinity)),
  },
  {
    reason: 'the flow was not used again',
    holds: ({ reused }, flow) => reused.has(flow),
  },
  {
    reason: 'the reuse did not hit the window: the log has neither a delete nor a skip of the flow after it',
    holds({ log, reused, observed }, flow) {
      const deleted = log.deleted.get(flow) ?? 0
      const { began = Infinity, at = Infinity } = reused.get(flow) ?? {}
      const isLost = observed?.missing.includes(flow) ?? false
      return Math.max(deleted, log.kept.get(flow) ?? 0) >= at + resolution || (isLost && deleted + resolution >= began)
    },
  },
  {
    // A flow that was reused before the pass, and is not in the kernel's table, has timed out again. The agent is right to delete its entry.
    reason: 'the pass that logged the flow began only after its reuse: the flow may have been idle again by then',
    holds({ log, reused }, flow) {
      const logged = Math.max(log.deleted.get(flow) ?? 0, log.kept.get(flow) ?? 0)
      const began = log.passes.findLast(({ line, at }) => line === 'began' && at <= logged)?.at ?? 0
      return began <= (reused.get(flow)?.at ?? 0) + resolution
    },
  },
  {
    reason: 'the end of the pass was not seen',
    holds: ({ passEnd, reused }, flow) => (passEnd ?? 0) >= (reused.get(flow)?.at ?? Infinity),
  },
  replyPrecondition,
]
