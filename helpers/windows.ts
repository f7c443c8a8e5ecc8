/**
 * Defines the windows: the places in a compare pass where a reuse can land. All code that holds the agent in a window, or predicts, judges or
 * reports a window, uses this table. The compiler reports a window that lacks a property here.
 */
import type { HoldKind } from './codecs/hold-record.ts'
import type { EventOf } from './history/event.ts'
import type { AttemptTimeline } from './judge/timeline.ts'
import type { Ns } from './units.ts'

/** In the order of a pass. */
export const windows = ['after-snapshot', 'after-reread', 'before-delete'] as const
export type Window = (typeof windows)[number]

interface WindowSpec {
  /** The bit of `stop_at` that tells bpf/hold.c to stop the agent in this window. */
  readonly stopBit: number
  /** The record by which bpf/hold.c reports that it has stopped the agent in this window. */
  readonly stoppedBy: HoldKind
  /** Whether the agent is stopped before a system call. If not, it is stopped after one. */
  readonly isBeforeCall: boolean
  /**
   * How often the agent reaches the window: once per pass, or once per flow that it is about to delete. If once per flow, then for one flow
   * after the other, the agent is held, the flow is reused, and the agent is released.
   */
  readonly per: 'pass' | 'flow'
  /** Returns when the window opened for a flow, if the agent was held there; undefined if the hold shows nothing about the flow. */
  readonly openedByHold: (timeline: AttemptTimeline, flow: number, hold: EventOf<'agent.held'>) => Ns | undefined
  /** Returns when the window opened for a flow, if the agent was not held; undefined if this cannot be seen. */
  readonly openedUnheld: (timeline: AttemptTimeline, flow: number) => Ns | undefined
  /** Returns when the agent last read the kernel or the map before `time`, which opens the window; undefined if this cannot be seen. */
  readonly lastLook: (timeline: AttemptTimeline, flow: number, time: number) => Ns | undefined
  /** Whether the agent may read an entry again after this window opened. If it does so after the reuse, the flow has survived the window. */
  readonly hasLaterLook: boolean
  readonly words: {
    /** Where the agent is held. Completes "held …". */
    readonly place: string
    /** What the agent has done by then. Completes "the agent …". */
    readonly agent: string
    /** Why an attempt is invalid if the pass ended without a hold: the reason in a few words, and what was seen instead. */
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
    // An agent that finds no entry does not go on to delete one.
    openedByHold: ({ rereads }, flow) => (rereads.get(flow)?.result === 0 ? rereads.get(flow)?.at : undefined),
    openedUnheld: secondLook,
    lastLook: ({ looks }, flow, time) => looks.findLast((look) => look.flow === flow && look.at <= time)?.at,
    hasLaterLook: false,
    words: {
      place: 'after a re-read',
      agent: 'has looked at the entry again, and is held',
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
    // If the agent is not held, only the end of a delete is seen. The delete takes microseconds, so such losses count for the window before it.
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

/** Builds a record with a value for each window. */
export const perWindow = <T>(valueOf: (window: Window) => T): Record<Window, T> =>
  Object.fromEntries(windows.map((window) => [window, valueOf(window)])) as Record<Window, T>

/** Returns the window in which the agent was stopped, from the record that reports the stop. */
export const windowStoppedBy = (kind: HoldKind): Window | undefined =>
  windows.find((window) => windowTable[window].stoppedBy === kind)

/** Returns when the agent read an entry again between its dump and its delete; undefined if it did not. */
function secondLook({ deletes, looks, snapshot }: AttemptTimeline, flow: number): Ns | undefined {
  const from = snapshot?.at ?? Infinity
  const to = deletes.get(flow)?.at ?? 0
  return looks.findLast((look) => look.flow === flow && look.at > from && look.at < to)?.at
}
