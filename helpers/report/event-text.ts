/** What an event of an attempt says, in words: who did it, and what. */
import type { AttemptEvent, EventOf } from '../history/event.ts'
import { shortTime } from '../text.ts'

export const lanes = ['client', 'kernel entry', 'map entry', 'agent', 'hold', 'verdicts', 'log'] as const
export type Lane = (typeof lanes)[number]

export const replyArrives = 'the reply arrives'

export interface EventText {
  readonly lane: Lane
  readonly what: string
  /** Something legitimate was lost here. */
  readonly loss?: boolean
}

/** @returns undefined for what the picture shows otherwise, or not at all */
export function eventText(event: AttemptEvent): EventText | undefined {
  switch (event.type) {
    case 'flow.opened':
      return { lane: 'client', what: 'first connections stand' }
    case 'flow.closed':
      return { lane: 'client', what: 'closed' }
    case 'flow.reused':
      return { lane: 'client', what: 'the same 5-tuples are used again' }
    case 'flow.failed':
      return { lane: 'client', what: `${event.what} failed: ${event.error}` }
    case 'reply.sent':
      return { lane: 'client', what: 'the reply is on its way' }
    case 'reply.received':
      return { lane: 'client', what: replyArrives }
    case 'client.sent':
      return { lane: 'client', what: 'the client sends something of its own accord' }
    case 'expired':
      return { lane: 'kernel entry', what: `timed out (${event.expiry})` }
    case 'agent.walked':
      return { lane: 'agent', what: 'has copied the keys of the map (hydrate)' }
    case 'agent.dump-began':
      return { lane: 'agent', what: 'dumps the kernel’s table' }
    case 'agent.predicted':
      return { lane: 'agent', what: `its next compare pass is predicted to take ${shortTime(event.takesMs)}` }
    case 'agent.snapshot':
      return { lane: 'agent', what: 'has its snapshot' }
    case 'agent.reread':
      return event.stopped ? { lane: 'agent', what: 'looks at the entry once more' } : undefined
    case 'agent.deleted':
      return { lane: 'agent', what: event.result === 0 ? 'deletes the entry' : `fails to delete (${event.result})` }
    case 'entry.deleted':
      return event.result === 0 ? { lane: 'map entry', what: `deleted by ${event.by}` } : undefined
    case 'agent.pass':
      return event.pass === 'ended' ? { lane: 'agent', what: 'the pass is over' } : undefined
    case 'agent.restarted':
      return { lane: 'agent', what: 'another agent has taken its place' }
    case 'agent.held':
      return { lane: 'hold', what: `held ${event.window}` }
    case 'agent.released':
      return { lane: 'hold', what: 'let go' }
    case 'verdict': {
      const packet = event.reply ? 'reply' : 'packet to the server'
      return { lane: 'verdicts', what: `${packet}: ${event.verdict}`, loss: event.reply && event.verdict === 'deny' }
    }
    case 'agent.log':
      return { lane: 'log', what: event.flow === undefined ? event.line : `${event.line} a flow` }
    case 'precondition.missed':
      return { lane: 'client', what: `invalid: ${event.reason} (${event.detail})` }
    default:
      return undefined
  }
}

/** Any event in words, including one that a picture shows in another way. */
export function eventWords(event: AttemptEvent): string {
  if (event.type === 'observed') return observedWords(event)
  const one = eventText(event)
  return one ? `${one.lane}: ${one.what}` : event.type
}

/** What a look at kernel and map saw. */
export function observedWords({ moment, kernel, map }: EventOf<'observed'>): string {
  const flows = kernel.present.length + kernel.absent.length
  return `${moment}: kernel has ${kernel.present.length}, map has ${map.present.length} of ${flows} flows`
}
