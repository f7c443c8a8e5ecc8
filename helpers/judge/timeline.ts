/** An attempt's events, laid out for the judge: when each thing happened, per flow. */
import { isPassLine, type PassLine } from '../agent-log/passes.ts'
import { byType } from '../history/by-type.ts'
import type { AttemptEvent, EventOf } from '../history/event.ts'
import type { Ns } from '../units.ts'

type Observed = EventOf<'observed'>

export interface AttemptTimeline {
  readonly begin: EventOf<'attempt.begin'>
  readonly end: EventOf<'attempt.end'> | undefined
  readonly missed: EventOf<'precondition.missed'> | undefined
  readonly opened: ReadonlyMap<number, Ns>
  readonly reused: ReadonlyMap<number, EventOf<'flow.reused'>>
  /** When its last use began. */
  readonly lastReused: ReadonlyMap<number, Ns>
  readonly walks: readonly EventOf<'agent.walked'>[]
  readonly dumps: readonly EventOf<'agent.dump-began'>[]
  /** The dump after which the agent was held, or the last one where it was not. */
  readonly snapshot: EventOf<'agent.snapshot'> | undefined
  /** When its dump began; when it had ended, where the beginning was not seen. */
  readonly dumpBegan: Ns | undefined
  readonly snapshots: readonly EventOf<'agent.snapshot'>[]
  /** Every look at a flow's entry after the first snapshot of the attempt. */
  readonly looks: readonly EventOf<'agent.reread'>[]
  /** The last look at a flow's entry at which the agent was stopped before the reuse; the first one if it was not reused. */
  readonly rereads: ReadonlyMap<number, EventOf<'agent.reread'>>
  readonly holds: readonly EventOf<'agent.held'>[]
  readonly releases: readonly Ns[]
  /** First delete of each flow's entry since the flow was opened. */
  readonly deletes: ReadonlyMap<number, EventOf<'agent.deleted'>>
  readonly lastDelete: ReadonlyMap<number, Ns>
  /** When the agent last tried to delete a flow's entry and failed. */
  readonly failedDeletes: ReadonlyMap<number, Ns>
  /** Last delete of a flow's entry that was not the agent's. */
  readonly deletedByOthers: ReadonlyMap<number, Ns>
  readonly passEnd: Ns | undefined
  readonly whenOpened: Observed | undefined
  readonly whenExpired: Observed | undefined
  /** Looks at kernel and map between reuse and release; several where flows are reused one after the other. */
  readonly looksAfterReuse: readonly Observed[]
  readonly afterPass: Observed | undefined
  /** How many compare passes were seen to their end. */
  readonly passes: number
  /** The last look at kernel and map before the first reply was sent. */
  readonly beforeReply: Observed | undefined
  readonly replySent: ReadonlyMap<number, Ns>
  /** First reply that arrived. */
  readonly received: ReadonlyMap<number, Ns>
  /** First denial of a reply, after it was sent. */
  readonly deniedReply: ReadonlyMap<number, Ns>
  /** When the datapath let a packet of the client's through that had no entry, and made one. */
  readonly admitted: readonly EventOf<'verdict'>[]
  /** Flows of which any reply was denied. */
  readonly denied: ReadonlySet<number>
  readonly observed: EventOf<'client.observed'> | undefined
  /** What the agent's own log says, where it was read. */
  readonly log: {
    /** Its lines about passes, in order. */
    readonly passes: readonly (PassLine & EventOf<'agent.log'>)[]
    /** When it last told of a flow. */
    readonly deleted: ReadonlyMap<number, Ns>
    readonly kept: ReadonlyMap<number, Ns>
    readonly deniedReply: ReadonlyMap<number, Ns>
  }
  /** When a compare pass was predicted to begin. */
  readonly predicted: EventOf<'agent.predicted'> | undefined
}

/** @returns undefined when the events have no beginning */
export function timelineOf(events: readonly AttemptEvent[]): AttemptTimeline | undefined {
  // Lines of a history may stand out of order; each event has the time at which it happened.
  const all = byType(events.toSorted((a, b) => a.at - b.at))
  const begin = all('attempt.begin')[0]
  if (!begin) return undefined
  const moment = (wanted: Observed['moment']): Observed | undefined =>
    all('observed').findLast((look) => look.moment === wanted)
  // Of denials the reply's count; of deletes those of the flow's own key, and not of its reverse.
  const logged = (wanted: EventOf<'agent.log'>['line']): ReadonlyMap<number, Ns> =>
    new Map(
      all('agent.log').flatMap(({ at, line, flow, reply }): [number, Ns][] =>
        line === wanted && flow !== undefined && Boolean(reply) === (wanted === 'denied') ? [[flow, at]] : [],
      ),
    )
  const replySent = firstByFlow(all('reply.sent'), ({ at }) => at)
  const holds = all('agent.held')
  const snapshots = all('agent.snapshot')
  const firstHold = holds[0]
  const snapshot = firstHold ? snapshots.findLast(({ at }) => at <= firstHold.at) : snapshots.at(-1)
  const { clockError = 0 } = begin
  const opened = firstByFlow(all('flow.opened'), ({ at }) => at)
  // Flows are told by their number: what was done to one of an attempt before may be told in this one.
  const deletes = all('agent.deleted').filter(({ result, flow, at }) => result === 0 && at >= (opened.get(flow) ?? 0))
  const denials = all('verdict').filter(
    // The reply was sent on another node, perhaps.
    ({ verdict, reply, flow, at }) =>
      verdict === 'deny' && reply && at + clockError >= (replySent.get(flow) ?? Infinity),
  )
  return {
    begin,
    end: all('attempt.end')[0],
    missed: all('precondition.missed')[0],
    opened,
    reused: firstByFlow(all('flow.reused'), (event) => event),
    lastReused: new Map(all('flow.reused').map(({ flow, began }) => [flow, began])),
    walks: all('agent.walked'),
    dumps: all('agent.dump-began'),
    snapshot,
    dumpBegan: snapshot && (all('agent.dump-began').findLast(({ at }) => at <= snapshot.at)?.at ?? snapshot.at),
    snapshots,
    looks: snapshots[0] ? all('agent.reread').filter(({ at }) => at >= (snapshots[0]?.at ?? 0)) : [],
    rereads: stoppedLooks(all('agent.reread'), all('flow.reused')),
    holds,
    releases: all('agent.released').map(({ at }) => at),
    deletes: firstByFlow(deletes, (event) => event),
    lastDelete: new Map(deletes.map(({ flow, at }) => [flow, at])),
    failedDeletes: new Map(
      all('agent.deleted').flatMap(({ result, flow, at }): [number, Ns][] => (result === 0 ? [] : [[flow, at]])),
    ),
    deletedByOthers: new Map(
      all('entry.deleted').flatMap(({ result, flow, at }): [number, Ns][] => (result === 0 ? [[flow, at]] : [])),
    ),
    passEnd: all('agent.pass').findLast(({ pass }) => pass === 'ended')?.at,
    whenOpened: moment('opened'),
    whenExpired: moment('expired'),
    looksAfterReuse: all('observed').filter((look) => look.moment === 'reused'),
    afterPass: moment('passed'),
    passes: all('observed').filter((look) => look.moment === 'passed').length,
    beforeReply: all('observed').findLast(({ at }) => at <= Math.min(...replySent.values())),
    replySent,
    received: firstByFlow(all('reply.received'), ({ at }) => at),
    deniedReply: firstByFlow(denials, ({ at }) => at),
    admitted: all('verdict').filter(({ verdict, reply }) => verdict === 'accept' && !reply),
    denied: new Set(all('verdict').flatMap(({ verdict, reply, flow }) => (verdict === 'deny' && reply ? [flow] : []))),
    observed: all('client.observed')[0],
    log: {
      passes: all('agent.log').filter(isPassLine),
      deleted: logged('deleted'),
      kept: logged('kept'),
      deniedReply: logged('denied'),
    },
    predicted: all('agent.predicted').at(-1),
  }
}

function stoppedLooks(
  looks: readonly EventOf<'agent.reread'>[],
  reuses: readonly EventOf<'flow.reused'>[],
): Map<number, EventOf<'agent.reread'>> {
  const reused = firstByFlow(reuses, ({ began }) => began)
  const stopped = looks.filter((look) => look.stopped)
  const before = stopped.filter(({ flow, at }) => at <= (reused.get(flow) ?? -Infinity))
  return new Map([...firstByFlow(stopped, (look) => look), ...before.map((look) => [look.flow, look] as const)])
}

function firstByFlow<E extends { readonly flow: number }, T>(
  events: readonly E[],
  pick: (event: E) => T,
): Map<number, T> {
  const first = new Map<number, T>()
  for (const event of events) if (!first.has(event.flow)) first.set(event.flow, pick(event))
  return first
}
