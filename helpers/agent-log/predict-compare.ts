/** Predicts the agent's next compare pass from its latest pass (the agent's source). */
import type { LoggedPass } from '../agent-log/passes.ts'
import { ns, type Ms, type Ns } from '../units.ts'

export interface Prediction {
  /** When the pass begins. */
  readonly at: Ns
  /** How long the pass takes, in nanoseconds, according to earlier passes. */
  readonly takes: number
}

/** Assumed duration of a compare pass until one has been seen, in nanoseconds: the dump of a nearly empty table takes 11 to 45 ms on a busy machine. */
const assumedDuration = 40e6

/**
 * Predicts the next compare pass. The agent waits half a period after the end of each pass. So the next compare pass begins half a period after
 * the end of a hydrate, or a whole period and the hydrate's duration after the end of a compare pass. Each cycle is late by the duration of its
 * passes, so only the latest pass is used.
 *
 * @param passes in order
 * @param period from one compare pass to the next
 * @param after the earliest useful beginning
 * @returns undefined if no pass was seen
 */
export function predictCompare(passes: readonly LoggedPass[], period: Ms, after: Ns): Prediction | undefined {
  const latest = passes.at(-1)
  if (!latest) return undefined
  const half = (period / 2) * 1e6
  const hydrateTakes = longestOf(passes, 'hydrate') ?? 0
  const takes = longestOf(passes, 'compare') ?? assumedDuration
  const cycle = 2 * half + hydrateTakes + takes
  let at = latest.kind === 'hydrate' ? latest.ended + half : latest.ended + 2 * half + hydrateTakes
  while (at < after) at += cycle
  return { at: ns(at), takes }
}

/** Returns the longest duration of passes of this kind, because the reuses should be spread too widely rather than too narrowly. */
function longestOf(passes: readonly LoggedPass[], wanted: LoggedPass['kind']): number | undefined {
  const lengths = passes.flatMap(({ kind, began, ended }) => (kind === wanted ? [ended - began] : []))
  return lengths.length > 0 ? Math.max(...lengths) : undefined
}

/**
 * Spreads the reuses over time, so that some hit the window, wherever it is in or near the predicted pass.
 *
 * @param margin maximum error of the prediction, in nanoseconds
 */
export function spray(flows: readonly number[], { at, takes }: Prediction, margin: number) {
  const first = at - margin / 2
  const step = (takes + 1.5 * margin) / Math.max(1, flows.length - 1)
  return flows.map((flow, index) => ({ flow, at: ns(Math.round(first + index * step)) }))
}
