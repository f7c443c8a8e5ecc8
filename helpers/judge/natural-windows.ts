/** How wide an agent's windows are when nobody holds it: what a reuse has to hit by chance. */
import { elapsedMs, type Ms, type Ns } from '../units.ts'
import type { NaturalWindows } from './attempt-verdict.ts'
import type { AttemptTimeline } from './timeline.ts'

/** The dumps, and from the last look before each delete to the delete. */
export function naturalWindows({ begin, deletes, dumps, snapshots, looks }: AttemptTimeline): NaturalWindows {
  const widths = (lookBefore: (flow: number, deleted: Ns) => Ns | undefined): Ms[] =>
    begin.flows.flatMap(({ flow }) => {
      const deleted = deletes.get(flow)?.at
      const looked = deleted && lookBefore(flow, deleted)
      return deleted && looked ? [elapsedMs(looked, deleted)] : []
    })
  return {
    dump: snapshots.flatMap(({ at }) => {
      const began = dumps.findLast((dump) => dump.at <= at)
      return began ? [elapsedMs(began.at, at)] : []
    }),
    'after-snapshot': widths((_, deleted) => snapshots.findLast(({ at }) => at <= deleted)?.at),
    'after-reread': widths((flow, deleted) => looks.findLast((look) => look.flow === flow && look.at <= deleted)?.at),
  }
}
