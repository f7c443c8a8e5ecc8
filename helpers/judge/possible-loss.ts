/**
 * Decides whether an attempt that shows nothing may have lost a flow. Another attempt may replace an invalid one only if the reason was settled
 * before the reply was sent. Otherwise the outcome would decide which attempts count.
 */
import { parseSchedule, type Step } from '../schedule/schedule.ts'
import type { Judged } from './exposure.ts'
import { otherWindow } from './exposure-observed.ts'
import { clientReport } from './flow-outcome.ts'
import { has, seesNode } from './preconditions.ts'
import type { AttemptTimeline } from './timeline.ts'

/** Whether a step was missed only after a reply was sent, or after the agent deleted the entry of a flow that was in use again. */
export function missedAfterReply(timeline: AttemptTimeline): boolean {
  const { begin, missed, replySent, observed, received, deniedReply, lastDelete, reused } = timeline
  const reply = parseSchedule(begin.schedule).indexOf('reply')
  if (missed?.step !== undefined && reply >= 0 && missed.step >= reply) return true
  if (observed || replySent.size + received.size + deniedReply.size > 0) return true
  return [...reused].some(([flow, { began }]) => (lastDelete.get(flow) ?? 0) >= began)
}

/** Whether a flow that does not count may have been lost. @param reason why it does not count */
export function flowMayBeLost(timeline: AttemptTimeline, flow: number, cohort: Judged, reason: string): boolean {
  if (timeline.begin.purpose === 'model' || !isAwaited(timeline, flow)) return false
  // Such a loss is listed separately.
  if (reason === otherWindow) return false
  return !hasSurvived(timeline, flow, cohort)
}

/** Whether a reply was sent for the flow, or may have been. The client’s report lists every flow that got one. */
const isAwaited = ({ begin, replySent, received, observed, reused }: AttemptTimeline, flow: number): boolean =>
  observed
    ? [...observed.received, ...observed.missing].includes(flow) || replySent.has(flow) || received.has(flow)
    : reused.has(flow) || parseSchedule(begin.schedule).includes('reply')

/** Whether the reply arrived and the entry was there before it was sent. Only what was seen counts. */
function hasSurvived(timeline: AttemptTimeline, flow: number, { trigger }: Judged): boolean {
  const { begin, replySent, lastDelete, failedDeletes, deletedByOthers, log, reused } = timeline
  if (clientReport(timeline, flow) !== 'arrived') return false
  // A delete in the middle of the reuse does no harm, because the last packet of the client creates the entry again. The log rounds times down, so a
  // delete whose time is that of the reuse, or earlier, may have come before that packet.
  if (trigger === 'predicted' && !seesNode(timeline))
    return !log.deniedReply.has(flow) && (log.deleted.get(flow) ?? 0) <= (reused.get(flow)?.at ?? 0)
  const sent = (replySent.get(flow) ?? 0) - (begin.clockError ?? 0)
  const deleted = Math.max(lastDelete.get(flow) ?? 0, deletedByOthers.get(flow) ?? 0)
  if ((failedDeletes.get(flow) ?? -1) >= (reused.get(flow)?.began ?? Infinity)) return false
  return deleted <= sent && (wasThere(timeline, flow) || wasRestored(timeline, flow, sent))
}

const reuses: ReadonlySet<Step> = new Set(['reuse', 'reuse:observed', 'reuse:predicted'])

/** Whether a schedule, in text form, reuses its flows. */
export const hasReuse = (schedule: string): boolean => parseSchedule(schedule).some((step) => reuses.has(step))

/** Whether the entry was seen after the pass in which the flow was reused. */
function wasThere({ begin, afterPass, lastReused, opened, releases }: AttemptTimeline, flow: number): boolean {
  const used = (hasReuse(begin.schedule) ? lastReused : opened).get(flow) ?? Infinity
  return has(afterPass?.map.present, flow) && (afterPass?.at ?? 0) >= Math.max(used, releases.at(-1) ?? 0)
}

/** Whether a packet of the client created the entry again after the delete and before the reply. */
const wasRestored = ({ admitted, lastDelete }: AttemptTimeline, flow: number, sent: number): boolean =>
  admitted.some((packet) => packet.flow === flow && packet.at > (lastDelete.get(flow) ?? Infinity) && packet.at < sent)
