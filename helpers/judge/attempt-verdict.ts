/** Defines the verdict about one attempt. */
import type { Tuple } from '../flow.ts'
import type { Purpose } from '../schedule/schedule.ts'
import { windows, type Window } from '../windows.ts'
import type { Ms } from '../units.ts'

/** Two witnesses disagree about a flow, e.g. its client and the datapath. */
export interface Disagreement {
  readonly flow: number
  /** What each witness saw, as text. */
  readonly saw: Readonly<Partial<Record<'client' | 'datapath' | 'kernel' | 'log', string>>>
}

/** How many stale entries are left after the passes in which a cleanup must delete them. */
export interface Retention {
  readonly passes: number
  readonly stale: number
  readonly kept: number
}

/** Measurements of an agent that is not held: the duration of its dump of the kernel's table, and per flow, the time from its last look to its delete. */
export const naturalWidths = ['dump', ...windows] as const
export type NaturalWindows = Readonly<Record<(typeof naturalWidths)[number], readonly Ms[]>>

/** Number of lost flows per window. A window without a loss is absent. */
export type LostInOtherWindows = Readonly<Partial<Record<Window, number>>>

/** A lost flow, for messages. */
export interface LostFlow {
  readonly tuple: Tuple
  /** Time from the beginning of its reuse to the delete of its entry; undefined if one of them was not seen. */
  readonly deletedAfterMs: Ms | undefined
}

interface Common {
  readonly attempt: string
  readonly cohort: string
  readonly purpose: Purpose
  readonly number: number
  /** Time from its first connections to its end. */
  readonly attemptMs: Ms
  /** How much later than predicted the compare pass began; undefined if there was no prediction or no pass. */
  readonly predictionErrorMs: Ms | undefined
}

export type AttemptVerdict = Common &
  (
    | {
        readonly verdict: 'invalid'
        readonly reason: string
        readonly detail: string
        /** Whether the reason was not settled before the reply was sent. If so, no other attempt may replace this one. */
        readonly mayHaveLost: boolean
      }
    | {
        readonly verdict: 'lost' | 'survived'
        /** Number of flows whose reuse provably landed in the window. In a control: number of legitimate flows. */
        readonly exposures: number
        readonly lost: number
        readonly firstLost: LostFlow | undefined
        /** Flows that were lost in other windows, which is possible if the agent was not held. They are not in `lost`. */
        readonly lostInOtherWindows: LostInOtherWindows
        readonly disagreements: readonly Disagreement[]
        /** Time from the agent's last look at kernel or map to the delete, or to the end of the pass if it deleted nothing. */
        readonly windowMs: Ms | undefined
        readonly retention: Retention | undefined
        /** Only for an agent that was not held: the times from its looks to its deletes. */
        readonly natural: NaturalWindows | undefined
      }
  )
