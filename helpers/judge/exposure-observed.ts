/**
 * When an agent that nobody holds is provably exposed (trigger `observed`): its probe has seen, in this order, its last look at conntrack,
 * the reuse, and what it then did to the flow's entry.
 */
import { idlePreconditions, replyPrecondition, type Precondition } from './preconditions.ts'

export const observedPreconditions: readonly Precondition[] = [
  ...idlePreconditions,
  {
    reason: 'the reuse did not begin after the agent’s look at conntrack',
    holds: ({ reused, snapshot }, flow) => (reused.get(flow)?.began ?? 0) >= (snapshot?.at ?? Infinity),
  },
  {
    // An agent that neither deletes the entry nor looks at it again after the reuse may have been done with it before.
    reason: 'the reuse came too late: the agent was done with the flow',
    holds({ reused, deletes, looks, passEnd }, flow) {
      const reusedAt = reused.get(flow)?.at ?? Infinity
      const deleted = deletes.get(flow)
      if (deleted) return deleted.at > reusedAt
      return looks.some((look) => look.flow === flow && look.at > reusedAt && look.at <= (passEnd ?? 0))
    },
  },
  {
    reason: 'the end of the pass was not seen',
    holds: ({ passEnd, reused }, flow) => (passEnd ?? 0) >= (reused.get(flow)?.at ?? Infinity),
  },
  replyPrecondition,
]
