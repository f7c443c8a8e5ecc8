/** Counts the recorded passes and findings of each watch again, and compares them with the counts that the watch has written. */
import { counted } from '../text.ts'
import type { WatchSurvey } from './read-watch.ts'
import type { TotalsRecord } from './watch-record.ts'

export interface WatchCheck {
  /** Recorded counts that differ from what the records add up to, as sentences. */
  readonly disagreements: readonly string[]
  /** Watches that have not ended, or were killed: their last counts are older than their last records, so they are not compared. */
  readonly unfinished: readonly TotalsRecord[]
}

export function checkWatch({ watches, passes, findings }: WatchSurvey): WatchCheck {
  const disagreements = watches
    .filter(({ isEnd }) => isEnd)
    .flatMap((watch) => {
      const own = passes.filter((pass) => isOf(watch, pass))
      const sum = (kind: 'stale' | 'live' | 'undecided'): number => own.reduce((total, pass) => total + pass[kind], 0)
      const { counts } = watch
      const denied = findings.filter((finding) => isOf(watch, finding) && finding.deniedAfterMs !== undefined)
      return (
        [
          ['passes', watch.passes, own.length],
          ['deletes of stale entries', counts.stale, sum('stale')],
          ['deletes of live flows', counts.live, sum('live')],
          ['undecided deletes', counts.undecided, sum('undecided')],
          ['live flows with a denied reply', counts.denied, denied.length],
        ] as const
      ).flatMap(([what, written, recorded]) =>
        written === recorded
          ? []
          : [`${watch.node}: ${what}: the watch counted ${written}, and its records have ${recorded}.`],
      )
    })
  return { disagreements, unfinished: watches.filter(({ isEnd }) => !isEnd) }
}

const isOf = (watch: TotalsRecord, { node, startedMs }: Pick<TotalsRecord, 'node' | 'startedMs'>): boolean =>
  node === watch.node && startedMs === watch.startedMs

/** Says what the comparison found, as sentences. */
export function checkLines({ disagreements, unfinished }: WatchCheck, watches: number): string[] {
  const compared = watches - unfinished.length
  return [
    ...(unfinished.length > 0
      ? [
          `${counted(unfinished.length, 'watch has', 'watches have')} not ended, or was killed; only its last counts are used: ${unfinished.map(({ node }) => node).join(', ')}.`,
        ]
      : []),
    ...(disagreements.length > 0
      ? [
          ...disagreements,
          'Lines are missing, e.g. because a log was rotated or watch.jsonl was full, or the counts were changed.',
        ]
      : compared > 0
        ? [`The recorded passes and findings add up to the counts of ${counted(compared, 'watch', 'watches')}.`]
        : []),
  ]
}
