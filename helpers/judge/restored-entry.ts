/**
 * Detects who restored a deleted entry.
 *
 * The client may do it before its reply comes. If the machine stalls for as long as a retransmission timeout (200 ms
 * for data, RFC 6298), a packet of the client creates the entry again, and the reply shows nothing about the delete.
 */
import type { Judged } from './exposure.ts'
import type { AttemptTimeline } from './timeline.ts'

export function clientRestoredEntry(timeline: AttemptTimeline, flow: number, { hasGenerations }: Judged): boolean {
  const deleted = timeline.lastDelete.get(flow)
  if (deleted === undefined || (timeline.lastReused.get(flow) ?? 0) > deleted) return false
  const { deniedReply, received, beforeReply, admitted } = timeline
  const settled = Math.min(deniedReply.get(flow) ?? Infinity, received.get(flow) ?? Infinity)
  // An entry of the other generation was never deleted.
  const isThere = !hasGenerations && (beforeReply?.at ?? 0) > deleted && beforeReply?.map.present.includes(flow)
  return isThere || admitted.some((packet) => packet.flow === flow && packet.at > deleted && packet.at < settled)
}

/**
 * Whether the datapath restored the entry when it saw the reply: the entry is there after the reply has arrived, and no packet of the client
 * created it. Only for a datapath that does this, because an agent that restores entries at some later time loses the replies before.
 */
export const datapathRestoredEntry = (
  { received, beforeReply, afterReply, admitted }: AttemptTimeline,
  flow: number,
): boolean =>
  (afterReply?.at ?? 0) >= (received.get(flow) ?? Infinity) &&
  afterReply?.map.present.includes(flow) === true &&
  !admitted.some((packet) => packet.flow === flow && packet.at > (beforeReply?.at ?? 0))
