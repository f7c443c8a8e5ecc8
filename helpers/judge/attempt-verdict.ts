/** What can be said of one attempt. */
import type { Tuple } from '../flow.ts'
import type { Purpose } from '../schedule/schedule.ts'
import { windows, type Window } from '../windows.ts'
import type { Ms } from '../units.ts'

/** Two witnesses do not agree about a flow, e.g. its client and the datapath. */
export interface Disagreement {
  readonly flow: number
  /** What each says, in words. */
  readonly saw: Readonly<Partial<Record<'client' | 'datapath' | 'kernel' | 'log', string>>>
}

/** Stale entries that outlive the passes in which a cleanup must delete them. */
export interface Retention {
  readonly passes: number
  readonly stale: number
  readonly kept: number
}

/** What is measured of an agent that is not held: its dump of the kernel's table, and from its last look to its delete, a flow each. */
export const naturalWidths = ['dump', ...windows] as const
export type NaturalWindows = Readonly<Record<(typeof naturalWidths)[number], readonly Ms[]>>

/** Flows; a window without a loss is left out. */
export type LostInOtherWindows = Readonly<Partial<Record<Window, number>>>

/** One flow that was lost, for messages. */
export interface LostFlow {
  readonly tuple: Tuple
  /** From the beginning of its reuse to the delete of its entry; undefined if one of them was not seen. */
  readonly deletedAfterMs: Ms | undefined
}

interface Common {
  readonly attempt: string
  readonly cohort: string
  readonly purpose: Purpose
  readonly number: number
  /** From its first connections to its end. */
  readonly attemptMs: Ms
  /** How much later than predicted the compare pass began; undefined where nothing was predicted or no pass came. */
  readonly predictionErrorMs: Ms | undefined
}

export type AttemptVerdict = Common &
  (
    | {
        readonly verdict: 'invalid'
        readonly reason: string
        readonly detail: string
        /** The reason was not settled before the reply was sent: no other attempt may replace this one. */
        readonly mayHaveLost: boolean
      }
    | {
        readonly verdict: 'lost' | 'survived'
        /** Flows whose reuse provably landed in the window; in a control, legitimate flows. */
        readonly exposures: number
        readonly lost: number
        readonly firstLost: LostFlow | undefined
        /** Flows that were lost in other windows, if nobody chose the window: they do not count here. */
        readonly lostInOtherWindows: LostInOtherWindows
        readonly disagreements: readonly Disagreement[]
        /** From the agent's last look at the truth to the delete, or to the end of the pass where nothing was deleted. */
        readonly windowMs: Ms | undefined
        readonly retention: Retention | undefined
        /** Of an agent that was not held: from its looks at the truth to its deletes, per flow. */
        readonly natural: NaturalWindows | undefined
      }
  )
