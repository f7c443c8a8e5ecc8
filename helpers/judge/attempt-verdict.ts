/** What can be said of one attempt. */
import type { Purpose } from '../schedule/schedule.ts'
import type { Ms } from '../units.ts'

/** The two oracles do not agree about a flow: what its client saw is not what the datapath shows. */
export interface Disagreement {
  readonly flow: number
  readonly client: string
  readonly datapath: string
}

/** Stale entries that outlive the passes in which a cleanup must delete them. */
interface Retention {
  readonly passes: number
  readonly stale: number
  readonly kept: number
}

interface Common {
  readonly attempt: string
  readonly cohort: string
  readonly purpose: Purpose
  readonly number: number
  readonly attemptMs: Ms
}

export type AttemptVerdict = Common &
  (
    | { readonly verdict: 'invalid'; readonly reason: string; readonly detail: string }
    | {
        readonly verdict: 'lost' | 'survived'
        /** Flows whose reuse provably landed in the window; in a control, legitimate flows. */
        readonly exposures: number
        readonly lost: number
        readonly disagreements: readonly Disagreement[]
        /** From the agent's last look at the truth to the delete, or to the end of the pass where nothing was deleted. */
        readonly windowMs: Ms | undefined
        readonly retention: Retention | undefined
      }
  )
