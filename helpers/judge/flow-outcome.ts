/** Decides what became of a flow's reply, with two independent witnesses, and compares them with the agent's own log. */
import type { Disagreement } from './attempt-verdict.ts'
import type { Judged } from './exposure.ts'
import { has, seesNode } from './preconditions.ts'
import { datapathRestoredEntry } from './restored-entry.ts'
import type { AttemptTimeline } from './timeline.ts'

export type FlowOutcome =
  | { readonly kind: 'lost' | 'survived' }
  /** The two witnesses contradict each other. */
  | {
      readonly kind: 'disagreement'
      readonly client: string
      readonly other: { readonly datapath: string } | { readonly log: string }
    }
  /** One witness saw nothing. */
  | { readonly kind: 'unknown'; readonly why: string }

type Report = 'arrived' | 'lost' | 'unknown'

/** Asks the client: did the reply arrive? If it arrived by a TCP retransmission after the first packet was denied, it counts as lost and healed. */
export function clientReport({ received, deniedReply, observed }: AttemptTimeline, flow: number): Report {
  if (!observed) return 'unknown'
  const arrival = received.get(flow)
  const denial = deniedReply.get(flow)
  if (arrival !== undefined) return denial !== undefined && denial < arrival ? 'lost' : 'arrived'
  return observed.missing.includes(flow) ? 'lost' : 'unknown'
}

/** Asks the datapath: was the reply denied, and was the map entry missing before the reply was sent? */
function datapathReport(timeline: AttemptTimeline, flow: number, { asksConntrack }: Judged): Report {
  const { deniedReply, replySent } = timeline
  const denial = deniedReply.get(flow)
  if (!replySent.has(flow)) return 'unknown'
  const look = lookBeforeReply(timeline, flow)
  const entry = has(look?.map.present, flow) ? 'present' : has(look?.map.absent, flow) ? 'absent' : 'unknown'
  if (denial === undefined) {
    if (entry === 'absent' && asksConntrack && datapathRestoredEntry(timeline, flow)) return 'arrived'
    return entry === 'present' ? 'arrived' : 'unknown'
  }
  return entry === 'absent' ? 'lost' : 'unknown'
}

/** Returns the last look before the reply; undefined if the agent may have acted after it. */
function lookBeforeReply(timeline: AttemptTimeline, flow: number): AttemptTimeline['beforeReply'] {
  const { begin, beforeReply, passEnd, releases, lastReused } = timeline
  const since =
    begin.purpose === 'race' ? (passEnd ?? Infinity) : Math.max(releases.at(-1) ?? 0, lastReused.get(flow) ?? 0)
  return beforeReply && beforeReply.at >= since ? beforeReply : undefined
}

/** Asks the agent's own log, if the run may not look at its node: what did the agent last do to the entry of the flow? */
function logReport({ log }: AttemptTimeline, flow: number): Report {
  const deleted = log.deleted.get(flow)
  const kept = log.kept.get(flow)
  if (deleted === undefined) return kept === undefined ? 'unknown' : 'arrived'
  return kept !== undefined && kept > deleted ? 'arrived' : 'lost'
}

const logWords = {
  arrived: 'the agent’s log says that it kept the entry',
  lost: 'the agent’s log says that it deleted the entry',
  unknown: 'the agent’s log does not mention the entry',
} as const

export const clientWords = {
  arrived: 'the reply arrived',
  lost: 'no reply arrived',
  unknown: 'the client was not asked',
} as const

function datapathWords(timeline: AttemptTimeline, flow: number): string {
  const look = lookBeforeReply(timeline, flow)
  const entry = look
    ? `the map ${has(look.map.present, flow) ? 'has the entry' : 'has no entry'}`
    : 'the map was not seen'
  return `${timeline.deniedReply.has(flow) ? 'the reply was denied' : 'no reply was denied'}, ${entry}`
}

export function flowOutcome(timeline: AttemptTimeline, flow: number, cohort: Judged): FlowOutcome {
  const client = clientReport(timeline, flow)
  const onNode = seesNode(timeline)
  const other = onNode ? datapathReport(timeline, flow, cohort) : logReport(timeline, flow)
  if (client === 'unknown') return { kind: 'unknown', why: clientWords.unknown }
  // If the reply arrived and the log does not mention the entry, no second witness is needed, because nothing was lost.
  if (client === other || (!onNode && client === 'arrived' && other === 'unknown'))
    return { kind: client === 'lost' ? 'lost' : 'survived' }
  const said = onNode ? datapathWords(timeline, flow) : logWords[other]
  return { kind: 'disagreement', client: clientWords[client], other: onNode ? { datapath: said } : { log: said } }
}

/**
 * Returns the flows about which the agent's own log, a third witness, contradicts what was seen from outside. Empty if one of the two was not read.
 */
export function logDisagreements({ begin, log, deletes, denied, whenOpened }: AttemptTimeline): Disagreement[] {
  if (log.passes.length === 0 || !whenOpened) return []
  return begin.flows.flatMap(({ flow }): Disagreement[] => {
    const logged = log.deleted.has(flow)
    const asked = deletes.has(flow)
    if (logged !== asked)
      return [{ flow, saw: { log: presenceText('delete', logged), kernel: presenceText('delete', asked) } }]
    // The agent logs denials late: a missing one may still come. One that did not happen is a contradiction.
    if (log.deniedReply.has(flow) && !denied.has(flow))
      return [{ flow, saw: { log: presenceText('denial', true), datapath: presenceText('denial', false) } }]
    return []
  })
}

const presenceText = (what: string, there: boolean): string => (there ? `a ${what}` : `no ${what}`)
