/**
 * The windows: where in a compare pass the reuse lands. Everything that holds, predicts, judges or reports a window asks this table; a window
 * that lacks a property here does not compile.
 */
import type { HoldKind } from './codecs/hold-record.ts'
import type { EventOf } from './history/event.ts'
import type { AttemptTimeline } from './judge/timeline.ts'
import type { Ns } from './units.ts'

/** In the order of a pass. */
export const windows = ['after-snapshot', 'after-reread', 'before-delete'] as const
export type Window = (typeof windows)[number]

interface WindowSpec {
  /** Bit of `stop_at` (bpf/records.h) that asks for a stop of the agent there. */
  readonly stopBit: number
  /** The record that says that the agent was stopped there. */
  readonly stoppedBy: HoldKind
  /** The agent is stopped before it makes a system call, and not after one. */
  readonly isBeforeCall: boolean
  /**
   * How often the agent comes by: once in a pass, or once for each flow that it is about to delete. In a window per flow the agent is held,
   * that flow is reused and the agent is let go, one flow after the other.
   */
  readonly per: 'pass' | 'flow'
  /** When the window opened for a flow of an agent that was held there; undefined if the hold shows nothing about the flow. */
  readonly openedByHold: (timeline: AttemptTimeline, flow: number, hold: EventOf<'agent.held'>) => Ns | undefined
  /** Whether anything shows when the window opens for an agent that is not held. */
  readonly isSeenUnheld: boolean
  /** The same as `openedByHold`, of an agent that was not held; undefined if it cannot be seen. */
  readonly openedUnheld: (timeline: AttemptTimeline, flow: number) => Ns | undefined
  /** The agent's latest look at the truth before `time`, which opens the window; undefined if it cannot be seen. */
  readonly lastLook: (timeline: AttemptTimeline, flow: number, time: number) => Ns | undefined
  /** After this window opened, the agent may look at an entry again: if it does so after the reuse, the flow has survived the window. */
  readonly hasLaterLook: boolean
  readonly words: {
    /** Where the agent stands: completes "held …". */
    readonly place: string
    /** What it has done by then: completes "the agent …". */
    readonly agent: string
    /** Why an attempt is invalid if a pass ended without a hold: a few words, and what was seen instead. */
    readonly neverHeld: readonly [reason: string, detail: string]
  }
}

export const windowTable: Readonly<Record<Window, WindowSpec>> = {
  'after-snapshot': {
    stopBit: 1,
    stoppedBy: 'snapshot',
    isBeforeCall: false,
    per: 'pass',
    openedByHold: ({ snapshot }) => (snapshot?.stopped ? snapshot.at : undefined),
    isSeenUnheld: true,
    openedUnheld: ({ snapshot }) => snapshot?.at,
    lastLook: ({ snapshots }, _, time) => snapshots.findLast(({ at }) => at <= time)?.at,
    hasLaterLook: true,
    words: {
      place: 'after its snapshot',
      agent: 'has dumped the kernel’s table, and is held',
      neverHeld: ['the agent was not held', 'its dump ended, and it was not stopped'],
    },
  },
  'after-reread': {
    stopBit: 2,
    stoppedBy: 'reread',
    isBeforeCall: false,
    per: 'flow',
    // An agent that finds no entry is not about to delete one.
    openedByHold: ({ rereads }, flow) => (rereads.get(flow)?.result === 0 ? rereads.get(flow)?.at : undefined),
    isSeenUnheld: true,
    openedUnheld: secondLook,
    lastLook: ({ looks }, flow, time) => looks.findLast((look) => look.flow === flow && look.at <= time)?.at,
    hasLaterLook: false,
    words: {
      place: 'after a re-read',
      agent: 'has looked at the entry once more, and is held',
      neverHeld: [
        'the agent has no re-read',
        'its pass ended without a look at a map entry of the wave after the snapshot',
      ],
    },
  },
  'before-delete': {
    stopBit: 4,
    stoppedBy: 'delete-began',
    isBeforeCall: true,
    per: 'flow',
    openedByHold: (_timeline, _flow, { at }) => at,
    isSeenUnheld: false,
    // A delete takes microseconds, and only its end is seen of an agent that is not held: such losses are of the window before.
    openedUnheld: () => undefined,
    lastLook: () => undefined,
    hasLaterLook: false,
    words: {
      place: 'before a delete',
      agent: 'is about to delete the entry, and is held',
      neverHeld: ['the agent was not about to delete', 'its pass ended without a delete of a map entry of the wave'],
    },
  },
}

export const isPerFlow = (window: Window): boolean => windowTable[window].per === 'flow'

/** A record with a value for each window. */
export const perWindow = <T>(valueOf: (window: Window) => T): Record<Window, T> =>
  Object.fromEntries(windows.map((window) => [window, valueOf(window)])) as Record<Window, T>

/** In which window the agent stands, by the record that says that it was stopped. */
export const windowStoppedBy = (kind: HoldKind): Window | undefined =>
  windows.find((window) => windowTable[window].stoppedBy === kind)

/** When the agent looked at an entry again between its dump and its delete; undefined if it did not. */
function secondLook({ deletes, looks, snapshot }: AttemptTimeline, flow: number): Ns | undefined {
  const from = snapshot?.at ?? Infinity
  const to = deletes.get(flow)?.at ?? 0
  return looks.findLast((look) => look.flow === flow && look.at > from && look.at < to)?.at
}
