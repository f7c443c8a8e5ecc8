/** Describes the events of an attempt: who did what. */
import type { AttemptEvent, EventOf } from '../history/event.ts'
import { shortTime } from '../text.ts'

export const lanes = ['client', 'kernel entry', 'map entry', 'agent', 'hold', 'verdicts', 'log'] as const
export type Lane = (typeof lanes)[number]

export const replyArrived = 'reply arrived'

export interface EventText {
  readonly lane: Lane
  readonly what: string
  /** Whether a legitimate reply was lost. */
  readonly loss?: boolean
}

/** Describes an event for the timeline. @returns undefined if the timeline shows the event in another way, or not at all */
export function eventText(event: AttemptEvent): EventText | undefined {
  switch (event.type) {
    case 'flow.opened':
      return { lane: 'client', what: 'first connection established' }
    case 'flow.closed':
      return { lane: 'client', what: 'connection closed' }
    case 'flow.reused':
      return { lane: 'client', what: 'same 5-tuple used again' }
    case 'flow.failed':
      return { lane: 'client', what: `${event.what} failed: ${event.error}` }
    case 'reply.sent':
      return { lane: 'client', what: 'reply sent' }
    case 'reply.received':
      return { lane: 'client', what: replyArrived }
    case 'client.sent':
      return { lane: 'client', what: 'sent a packet on its own' }
    case 'expired':
      return { lane: 'kernel entry', what: `expired (${event.expiry})` }
    case 'agent.walked':
      return { lane: 'agent', what: 'copied the keys of the map (hydrate)' }
    case 'agent.dump-began':
      return { lane: 'agent', what: 'began to dump the kernel’s table' }
    case 'agent.predicted':
      return { lane: 'agent', what: `next compare pass is predicted to take ${shortTime(event.takesMs)}` }
    case 'agent.snapshot':
      return { lane: 'agent', what: 'finished its dump (snapshot)' }
    case 'agent.reread':
      return event.stopped ? { lane: 'agent', what: 'looked at the entry again' } : undefined
    case 'agent.deleted':
      return {
        lane: 'agent',
        what: event.result === 0 ? 'deleted the entry' : `failed to delete the entry (${event.result})`,
      }
    case 'agent.pass':
      return event.pass === 'ended' ? { lane: 'agent', what: 'pass ended' } : undefined
    case 'agent.restarted':
      return { lane: 'agent', what: 'replaced by another agent' }
    case 'agent.held':
      return { lane: 'hold', what: `held ${event.window}` }
    case 'agent.released':
      return { lane: 'hold', what: 'released' }
    case 'verdict': {
      const packet = event.reply ? 'reply' : 'packet to the server'
      return { lane: 'verdicts', what: `${packet}: ${event.verdict}`, loss: event.reply && event.verdict === 'deny' }
    }
    case 'agent.log':
      return { lane: 'log', what: event.flow === undefined ? `pass ${event.line}` : `${event.line} a flow` }
    case 'precondition.missed':
      return { lane: 'client', what: `invalid: ${event.reason} (${event.detail})` }
    default:
      return undefined
  }
}

/** Describes any event, even one that the timeline shows in another way. */
export function eventWords(event: AttemptEvent): string {
  if (event.type === 'observed') return observedWords(event)
  const one = eventText(event)
  return one ? `${one.lane}: ${one.what}` : event.type
}

/** Describes what a look at kernel and map saw. */
export function observedWords({ moment, kernel, map }: EventOf<'observed'>): string {
  const flows = kernel.present.length + kernel.absent.length
  return `${moment}: kernel has ${kernel.present.length}, map has ${map.present.length} of ${flows} flows`
}
