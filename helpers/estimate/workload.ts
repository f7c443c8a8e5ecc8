/** Defines the input of an estimate: the traffic, the kernel's timeout, and the timing of the agent. All times are in milliseconds. */
import { meanOf, type Durations } from './random.ts'

export interface Workload {
  /** Number of pods per node whose replies a policy would drop: ingress is isolated, and no rule allows the peer. */
  readonly pods: number
  /** Number of uses of a 5-tuple that begin per second and pod. */
  readonly flowsPerSecond: number
  /** Time from the last packet of a use to the next use of the same 5-tuple. */
  readonly gap: Durations
  /** Time from the first packet of a use to the reply. */
  readonly replyAfter: number
  /** Time from the last packet of a use until the kernel forgets the flow. */
  readonly kernelTimeout: number
}

export interface Timing {
  /** Time from one compare pass to the next. */
  readonly period: number
  /** Duration of a dump of the kernel's table. It reads an entry at any time during the dump. */
  readonly dump: number
  /** Time from the end of the dump to the delete of an entry. */
  readonly snapshotToDelete: Durations
  /** Time from the second look at an entry to its delete, for agents that look twice. */
  readonly rereadToDelete: Durations
}

/** Returns the number of 5-tuples that the pods of a node use again and again. */
export const tuplesOf = ({ pods, flowsPerSecond, gap, replyAfter }: Workload): number =>
  Math.max(1, Math.round((pods * flowsPerSecond * (meanOf(gap) + replyAfter)) / 1000))
