/** When the agent's next compare pass comes, from its latest pass (npa, *Timeline of the cleanup*). */
import type { LoggedPass } from '../agent-log/passes.ts'
import { ns, type Ms, type Ns } from '../units.ts'

export interface Prediction {
  /** When the pass begins. */
  readonly at: Ns
  /** How long it takes, by those before it. */
  readonly takes: number
}

/** Of a pass that nobody has seen yet, in nanoseconds: a dump of an all but empty table takes 11 to 45 ms on a busy machine. */
const usually = 40e6

/**
 * The agent waits half a period after the end of each pass: so from the end of a hydrate half a period goes by, and from the end of a
 * compare a whole one, beside the hydrate itself. It drifts by the length of its passes, which is why only the latest counts.
 *
 * @param passes in order @param period from one compare pass to the next @param after none before this is of use
 * @returns undefined where no pass was seen
 */
export function predictCompare(passes: readonly LoggedPass[], period: Ms, after: Ns): Prediction | undefined {
  const latest = passes.at(-1)
  if (!latest) return undefined
  const half = (period / 2) * 1e6
  const hydrateTakes = lengthOf(passes, 'hydrate') ?? 0
  const takes = lengthOf(passes, 'compare') ?? usually
  const cycle = 2 * half + hydrateTakes + takes
  let at = latest.kind === 'hydrate' ? latest.ended + half : latest.ended + 2 * half + hydrateTakes
  while (at < after) at += cycle
  return { at: ns(at), takes }
}

/** The longest of its kind: a spray had better be too wide. */
function lengthOf(passes: readonly LoggedPass[], wanted: LoggedPass['kind']): number | undefined {
  const lengths = passes.flatMap(({ kind, began, ended }) => (kind === wanted ? [ended - began] : []))
  return lengths.length > 0 ? Math.max(...lengths) : undefined
}

/**
 * When each flow is to be used again, so that some of them hit the window wherever in or beside the predicted pass it is.
 *
 * @param margin how far the prediction may be off, in nanoseconds
 */
export function spray(flows: readonly number[], { at, takes }: Prediction, margin: number) {
  const first = at - margin / 2
  const step = (takes + 1.5 * margin) / Math.max(1, flows.length - 1)
  return flows.map((flow, index) => ({ flow, at: ns(Math.round(first + index * step)) }))
}
