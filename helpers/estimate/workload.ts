/** What an estimate is made for: who talks how often, how the kernel forgets, and how long the agent's passes take. All times in milliseconds. */
import { meanOf, type Durations } from './random.ts'

export interface Workload {
  /** Pods of a node whose replies a policy would drop: ingress-isolated, and no rule admits the peer. */
  readonly pods: number
  /** Uses of a 5-tuple that begin each second, per pod. */
  readonly flowsPerSecond: number
  /** From a use's last packet to the next use of the same 5-tuple. */
  readonly gap: Durations
  /** From a use's first packet to the reply. */
  readonly replyAfter: number
  /** From a use's last packet until the kernel's table forgets it. */
  readonly kernelTimeout: number
}

export interface Timing {
  /** From one compare pass to the next. */
  readonly period: number
  /** How long a dump of the kernel's table takes: an entry is looked at somewhere in it. */
  readonly dump: number
  /** From the end of the dump to an entry's delete. */
  readonly snapshotToDelete: Durations
  /** From the look at an entry once more to its delete, for agents with a guard. */
  readonly rereadToDelete: Durations
}

/** 5-tuples that a node's pods use over and over. */
export const tuplesOf = ({ pods, flowsPerSecond, gap, replyAfter }: Workload): number =>
  Math.max(1, Math.round((pods * flowsPerSecond * (meanOf(gap) + replyAfter)) / 1000))
