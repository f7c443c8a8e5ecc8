/** Arranges the events of an attempt for the judge: when each thing happened, per flow. */
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
  /** When the last use of the flow began. */
  readonly lastReused: ReadonlyMap<number, Ns>
  readonly walks: readonly EventOf<'agent.walked'>[]
  readonly dumps: readonly EventOf<'agent.dump-began'>[]
  /** The dump after which the agent was held, or the last dump if it was not held. */
  readonly snapshot: EventOf<'agent.snapshot'> | undefined
  /** When the dump of `snapshot` began. If this was not seen: when it ended. */
  readonly dumpBegan: Ns | undefined
  readonly snapshots: readonly EventOf<'agent.snapshot'>[]
  /** All looks at the entry of a flow after the first snapshot of the attempt. */
  readonly looks: readonly EventOf<'agent.reread'>[]
  /** The last look at the entry before the reuse at which the agent was stopped. If the flow was not reused: the first such look. */
  readonly rereads: ReadonlyMap<number, EventOf<'agent.reread'>>
  readonly holds: readonly EventOf<'agent.held'>[]
  readonly releases: readonly Ns[]
  /** The first delete of the entry after the flow was opened. */
  readonly deletes: ReadonlyMap<number, EventOf<'agent.deleted'>>
  readonly lastDelete: ReadonlyMap<number, Ns>
  /** When the agent last tried to delete a flow's entry and failed. */
  readonly failedDeletes: ReadonlyMap<number, Ns>
  /** Last delete of a flow's entry that was not the agent's. */
  readonly deletedByOthers: ReadonlyMap<number, Ns>
  readonly passEnd: Ns | undefined
  readonly whenOpened: Observed | undefined
  readonly whenExpired: Observed | undefined
  /** Looks at kernel and map between reuse and release. There are several if the flows are reused one after the other. */
  readonly looksAfterReuse: readonly Observed[]
  readonly afterPass: Observed | undefined
  /** Number of compare passes whose end was seen. */
  readonly passes: number
  /** The last look at kernel and map before the first reply was sent. */
  readonly beforeReply: Observed | undefined
  /** The look at kernel and map after the replies. */
  readonly afterReply: Observed | undefined
  readonly replySent: ReadonlyMap<number, Ns>
  /** When the first reply arrived. */
  readonly received: ReadonlyMap<number, Ns>
  /** When a reply was first denied after it was sent. */
  readonly deniedReply: ReadonlyMap<number, Ns>
  /** Packets of the client without a map entry, for which the datapath created one. */
  readonly admitted: readonly EventOf<'verdict'>[]
  /** Flows that had a denied reply. */
  readonly denied: ReadonlySet<number>
  readonly observed: EventOf<'client.observed'> | undefined
  /** What the agent's own log says, if it was read. */
  readonly log: {
    /** Its lines about passes, in order. */
    readonly passes: readonly (PassLine & EventOf<'agent.log'>)[]
    /** When the log last mentioned a flow. */
    readonly deleted: ReadonlyMap<number, Ns>
    readonly kept: ReadonlyMap<number, Ns>
    readonly deniedReply: ReadonlyMap<number, Ns>
  }
  /** When a compare pass was predicted to begin. */
  readonly predicted: EventOf<'agent.predicted'> | undefined
}

/** @returns undefined if the events contain no `attempt.begin` */
export function timelineOf(events: readonly AttemptEvent[]): AttemptTimeline | undefined {
  // Lines of a history may be out of order. Each event has the time at which it happened.
  const all = byType(events.toSorted((a, b) => a.at - b.at))
  const begin = all('attempt.begin')[0]
  if (!begin) return undefined
  const moment = (wanted: Observed['moment']): Observed | undefined =>
    all('observed').findLast((look) => look.moment === wanted)
  // Denials count only for replies, and deletes only for the flow's own key, not for that of the reverse direction.
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
  // Flows are identified by number, so a late event may belong to the same flow of an earlier attempt.
  const deletes = all('agent.deleted').filter(({ result, flow, at }) => result === 0 && at >= (opened.get(flow) ?? 0))
  const denials = all('verdict').filter(
    // The clock of the server may be that of another node.
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
    afterReply: moment('replied'),
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
