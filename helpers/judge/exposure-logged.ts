/**
 * When an agent that nobody sees is provably exposed (trigger `predicted`, without a probe): its own log says what it did to a flow's
 * entry, and the client's clock is that of the same node. Two things prove it:
 *
 * - The log tells of a delete or a skip after the reuse was done.
 * - The log tells of a delete after the reuse had begun, and the reply was lost: any packet of the flow after the delete would have put
 *   the entry back, so the delete came last.
 */
import { loggedPasses } from '../agent-log/passes.ts'
import { replyPrecondition, type Precondition } from './preconditions.ts'

/** The log tells whole milliseconds, and never later than it was. */
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
    reason: 'the reuse did not hit the window: the log tells of neither a delete nor a skip of the flow after it',
    holds({ log, reused, observed }, flow) {
      const deleted = log.deleted.get(flow) ?? 0
      const { began = Infinity, at = Infinity } = reused.get(flow) ?? {}
      const isLost = observed?.missing.includes(flow) ?? false
      return Math.max(deleted, log.kept.get(flow) ?? 0) >= at + resolution || (isLost && deleted + resolution >= began)
    },
  },
  {
    // Who is used before the pass, and is not in the kernel's table then, has timed out once more: its entry is deleted by right.
    reason: 'the pass that speaks of the flow began only after its reuse: the flow was idle again by then, perhaps',
    holds({ log, reused }, flow) {
      const told = Math.max(log.deleted.get(flow) ?? 0, log.kept.get(flow) ?? 0)
      const began = log.passes.findLast(({ line, at }) => line === 'began' && at <= told)?.at ?? 0
      return began <= (reused.get(flow)?.at ?? 0) + resolution
    },
  },
  {
    reason: 'the end of the pass was not seen',
    holds: ({ passEnd, reused }, flow) => (passEnd ?? 0) >= (reused.get(flow)?.at ?? Infinity),
  },
  replyPrecondition,
]
