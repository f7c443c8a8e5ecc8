/**
 * Detects that the client restored a deleted entry before its reply came. If the machine stalls for as long as a retransmission timeout (200 ms
 * for data, RFC 6298), a packet of the client creates the entry again, and the reply shows nothing about the delete.
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
