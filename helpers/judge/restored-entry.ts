/**
 * Whether the client itself put a deleted entry back before its reply came: on a machine that stands still for the time of a
 * retransmission (200 ms for data, RFC 6298), a packet of its own makes the entry again, and the reply's fate shows nothing.
 */
import type { AttemptTimeline } from './timeline.ts'

export function clientRestoredEntry(timeline: AttemptTimeline, flow: number): boolean {
  const deleted = timeline.lastDelete.get(flow)
  if (deleted === undefined || (timeline.lastReused.get(flow) ?? 0) > deleted) return false
  const { deniedReply, received, beforeReply, admitted } = timeline
  const settled = Math.min(deniedReply.get(flow) ?? Infinity, received.get(flow) ?? Infinity)
  const isThere = (beforeReply?.at ?? 0) > deleted && beforeReply?.map.present.includes(flow)
  return isThere || admitted.some((packet) => packet.flow === flow && packet.at > deleted && packet.at < settled)
}
