/**
 * Whether an attempt that shows nothing may have lost a flow. Only a reason that was settled before the reply was sent makes an attempt
 * invalid, and lets another one replace it: otherwise the outcome would decide which attempts count.
 */
import { parseSchedule, type Step } from '../schedule/schedule.ts'
import type { Judged } from './exposure.ts'
import { otherWindow } from './exposure-observed.ts'
import { clientOracle } from './flow-outcome.ts'
import { has, seesNode } from './preconditions.ts'
import type { AttemptTimeline } from './timeline.ts'

/** A step of the attempt was missed: was it after a reply was sent, or after the agent deleted the entry of a flow that was in use again? */
export function missedAfterReply(timeline: AttemptTimeline): boolean {
  const { begin, missed, replySent, observed, received, deniedReply, lastDelete, reused } = timeline
  const reply = parseSchedule(begin.schedule).indexOf('reply')
  if (missed?.step !== undefined && reply >= 0 && missed.step >= reply) return true
  if (observed || replySent.size + received.size + deniedReply.size > 0) return true
  return [...reused].some(([flow, { began }]) => (lastDelete.get(flow) ?? 0) >= began)
}

/** @param reason why the flow does not count */
export function flowMayBeLost(timeline: AttemptTimeline, flow: number, cohort: Judged, reason: string): boolean {
  if (timeline.begin.purpose === 'model' || !isAwaited(timeline, flow)) return false
  // It is lost, and listed as such.
  if (reason === otherWindow) return false
  return !hasSurvived(timeline, flow, cohort)
}

/** A reply was sent for the flow, or may have been: the client’s answer is about every flow that has got one. */
const isAwaited = ({ begin, replySent, received, observed, reused }: AttemptTimeline, flow: number): boolean =>
  observed
    ? [...observed.received, ...observed.missing].includes(flow) || replySent.has(flow) || received.has(flow)
    : reused.has(flow) || parseSchedule(begin.schedule).includes('reply')

/** The reply arrived, and the entry was there before it was sent. What was not seen does not count. */
function hasSurvived(timeline: AttemptTimeline, flow: number, { trigger }: Judged): boolean {
  const { begin, replySent, lastDelete, failedDeletes, deletedByOthers, log, reused } = timeline
  if (clientOracle(timeline, flow) !== 'arrived') return false
  if (trigger === 'predicted' && !seesNode(timeline))
    return (log.deleted.get(flow) ?? 0) < (reused.get(flow)?.began ?? Infinity)
  const sent = (replySent.get(flow) ?? 0) - (begin.clockError ?? 0)
  const deleted = Math.max(lastDelete.get(flow) ?? 0, deletedByOthers.get(flow) ?? 0)
  if ((failedDeletes.get(flow) ?? -1) >= (reused.get(flow)?.began ?? Infinity)) return false
  return deleted <= sent && (wasThere(timeline, flow) || wasRestored(timeline, flow, sent))
}

const reuses: ReadonlySet<Step> = new Set(['reuse', 'reuse:observed', 'reuse:predicted'])

/** Seen after the pass in which the flow was used again. */
function wasThere({ begin, afterPass, lastReused, opened, releases }: AttemptTimeline, flow: number): boolean {
  const isReused = parseSchedule(begin.schedule).some((step) => reuses.has(step))
  const used = (isReused ? lastReused : opened).get(flow) ?? Infinity
  return has(afterPass?.map.present, flow) && (afterPass?.at ?? 0) >= Math.max(used, releases.at(-1) ?? 0)
}

/** A packet of the client's own made the entry again after the delete, and before the reply. */
const wasRestored = ({ admitted, lastDelete }: AttemptTimeline, flow: number, sent: number): boolean =>
  admitted.some((packet) => packet.flow === flow && packet.at > (lastDelete.get(flow) ?? Infinity) && packet.at < sent)
