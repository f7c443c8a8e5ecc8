/** What became of a flow's reply, by two oracles that know nothing of each other. */
import { seesNode } from './preconditions.ts'
import type { AttemptTimeline } from './timeline.ts'

export type FlowOutcome =
  | { readonly kind: 'lost' | 'survived' }
  /** The oracles contradict each other. */
  | {
      readonly kind: 'disagreement'
      readonly client: string
      readonly other: { readonly datapath: string } | { readonly log: string }
    }
  /** An oracle saw nothing. */
  | { readonly kind: 'unknown'; readonly why: string }

type Oracle = 'arrived' | 'lost' | 'unknown'

/**
 * The client: did the reply arrive? A TCP retransmission may bring it later, after the first was denied: that is a loss which
 * healed.
 */
function clientOracle({ received, deniedReply, observed }: AttemptTimeline, flow: number): Oracle {
  const arrival = received.get(flow)
  const denial = deniedReply.get(flow)
  if (arrival !== undefined) return denial !== undefined && denial < arrival ? 'lost' : 'arrived'
  return observed?.missing.includes(flow) ? 'lost' : 'unknown'
}

/** The datapath: was the reply denied, and had the map lost its entry before the reply was sent? */
function datapathOracle({ deniedReply, replySent, beforeReply }: AttemptTimeline, flow: number): Oracle {
  const sent = replySent.get(flow)
  const denial = deniedReply.get(flow)
  if (sent === undefined) return 'unknown'
  const entry = beforeReply?.map.present.includes(flow)
    ? 'present'
    : beforeReply?.map.absent.includes(flow)
      ? 'absent'
      : 'unknown'
  if (denial === undefined) return entry === 'present' ? 'arrived' : 'unknown'
  return entry === 'absent' ? 'lost' : 'unknown'
}

/** The agent's own log, where nobody may look at its node: what it says that it did to the flow's entry, the latest. */
function logOracle({ log }: AttemptTimeline, flow: number): Oracle {
  const deleted = log.deleted.get(flow)
  const kept = log.kept.get(flow)
  if (deleted === undefined) return kept === undefined ? 'unknown' : 'arrived'
  return kept !== undefined && kept > deleted ? 'arrived' : 'lost'
}

const logWords = {
  arrived: 'the agent’s log says that it kept the entry',
  lost: 'the agent’s log says that it deleted the entry',
  unknown: 'the agent’s log does not speak of the entry',
} as const

const clientWords = {
  arrived: 'the reply arrived',
  lost: 'no reply arrived',
  unknown: 'the client was not asked',
} as const

function datapathWords(timeline: AttemptTimeline, flow: number): string {
  const entry = timeline.beforeReply?.map.present.includes(flow) ? 'has the entry' : 'has no entry'
  return `${timeline.deniedReply.has(flow) ? 'the reply was denied' : 'no reply was denied'}, the map ${entry}`
}

export function flowOutcome(timeline: AttemptTimeline, flow: number): FlowOutcome {
  const client = clientOracle(timeline, flow)
  const onNode = seesNode(timeline)
  const other = onNode ? datapathOracle(timeline, flow) : logOracle(timeline, flow)
  if (client === 'unknown') return { kind: 'unknown', why: clientWords.unknown }
  // A reply that arrived where nothing touched the entry needs no second witness: nobody can be blamed for what did not happen.
  if (client === other || (!onNode && client === 'arrived' && other === 'unknown'))
    return { kind: client === 'lost' ? 'lost' : 'survived' }
  const said = onNode ? datapathWords(timeline, flow) : logWords[other]
  return { kind: 'disagreement', client: clientWords[client], other: onNode ? { datapath: said } : { log: said } }
}
