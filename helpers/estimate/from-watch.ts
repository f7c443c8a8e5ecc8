/** Extrapolates what a watch has measured under one cleanup to the others, by their ratios in the simulation. */
import { UserError } from '../user-error.ts'
import { poissonBounds } from '../statistics/poisson.ts'
import { counted, duration, shortTime } from '../text.ts'
import { layoutText } from '../watch/watch-totals.ts'
import { passFigures, type PassFigures } from '../watch/pass-figures.ts'
import type { WatchSurvey } from '../watch/read-watch.ts'
import type { Timing } from './workload.ts'
import { confidence, type Estimate } from './estimate.ts'

const daySeconds = 86_400

/** The cleanup of the agents whose map has values of this many bytes (`helpers/agents/cleanup-history.ts`). */
const cleanups: Readonly<Record<string, Estimate['algorithm']>> = { 4: 'immediate', 1: 'alternating', 16: 'last-seen' }

export interface Measured {
  readonly cleanup: Estimate['algorithm']
  readonly perNodeDay: number
  readonly interval: Estimate['interval']
  /** The agent's own timing, as far as it was seen. */
  readonly timing: Partial<Timing>
  /** What was measured, as sentences. */
  readonly words: readonly string[]
}

/** @throws UserError if the watched agents do not have the same cleanup, or their map is unknown */
export function measuredBy({ watches, passes, totals }: WatchSurvey): Measured {
  const layouts = [...new Set(watches.map(({ mapLayout }) => mapLayout))]
  const found = new Set(layouts.map((layout) => cleanups[layout.split('/')[1] ?? '']))
  const [cleanup] = found
  if (found.size !== 1 || cleanup === undefined)
    throw new UserError(
      `the watched agents must have the same cleanup, and a map that is known; found maps of these layouts: ${layouts.map(layoutText).join(', ')}. Name the lines of nodes with the same version of the agent`,
    )
  const { denied } = totals.counts
  const days = totals.seconds / daySeconds
  const { lower, upper } = poissonBounds(denied, confidence)
  const { timing, words } = timingOf(passFigures(passes))
  return {
    cleanup,
    perNodeDay: denied / days,
    interval: { lower: lower / days, upper: upper / days },
    timing,
    words: [
      `Measured: ${counted(denied, 'live flow')} with a denied reply in ${duration(totals.seconds * 1000)} of ${counted(watches.length, 'watch', 'watches')}, by agents with maps of ${layouts.map(layoutText).join(', ')}, which is the cleanup \`${cleanup}\`.`,
      ...(totals.lost > 0
        ? [`${counted(totals.lost, 'delete')} came faster than they could be read, so there may have been more.`]
        : []),
      ...words,
    ],
  }
}

/** Returns the timing that the passes show, and a sentence about it; nothing if no dump of the agents was seen. */
function timingOf(figures: PassFigures | undefined): { timing: Partial<Timing>; words: string[] } {
  const { dumpMs, windowMs, rereadMs } = figures ?? {}
  if (!dumpMs || !windowMs || windowMs.p50 === 0) return { timing: {}, words: [] }
  const { p50, p95 } = windowMs
  const reread = rereadMs && rereadMs.p50 > 0 ? rereadMs : undefined
  return {
    timing: {
      dump: dumpMs.p50,
      snapshotToDelete: { kind: 'log-normal', p50, p95 },
      ...(reread && { rereadToDelete: { kind: 'log-normal', p50: reread.p50, p95: reread.p95 } }),
    },
    words: [
      `Measured, too: a conntrack dump of the agents took ${shortTime(dumpMs.p50)}, and they deleted an entry ${shortTime(p50)} after its end (95th percentile ${shortTime(p95)}). The simulation uses these in place of --dump and --window.`,
      ...(reread
        ? [
            `They deleted an entry ${shortTime(reread.p50)} after their last look at it (95th percentile ${shortTime(reread.p95)}), which the simulation uses in place of --reread.`,
          ]
        : []),
    ],
  }
}

/**
 * Returns the estimates with the measured one in the place of its cleanup. Each other one is the measured rate times the ratio of the two in the
 * simulation. Its interval goes from the smallest to the largest product of their intervals.
 *
 * @throws UserError if the simulation lost nothing under the measured cleanup, so that there is no ratio
 */
export function extrapolated(
  estimates: readonly Estimate[],
  measured: Measured,
): Pick<Estimate, 'algorithm' | 'perNodeDay' | 'interval'>[] {
  const simulated = estimates.find(({ algorithm }) => algorithm === measured.cleanup)
  if (!simulated || simulated.perNodeDay === 0)
    throw new UserError(
      `in the simulated workload, ${measured.cleanup} loses nothing, so its ratio to the other cleanups is not known; describe your workload with --gap, --timeout and --reply`,
    )
  return estimates.map(({ algorithm, perNodeDay, interval }) =>
    algorithm === measured.cleanup
      ? { algorithm, perNodeDay: measured.perNodeDay, interval: measured.interval }
      : {
          algorithm,
          perNodeDay: measured.perNodeDay * (perNodeDay / simulated.perNodeDay),
          interval: {
            lower: measured.interval.lower * (interval.lower / simulated.interval.upper),
            upper: measured.interval.upper * (interval.upper / simulated.interval.lower),
          },
        },
  )
}
