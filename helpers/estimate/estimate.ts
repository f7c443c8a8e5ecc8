/** Estimates how many replies a node loses per day with a cleanup algorithm. */
import { explorationOf, modelOf, type Cleanup } from '../model/matrix.ts'
import { lastWindow } from '../schedule/schedule.ts'
import { poissonBounds } from '../statistics/poisson.ts'
import { meanOf, Random } from './random.ts'
import { simulateTuple, stretched } from './simulate.ts'
import { tuplesOf, type Timing, type Workload } from './workload.ts'

const dayMs = 86_400_000

export interface Estimate {
  readonly algorithm: Cleanup['algorithm']
  /** Number of replies that a node loses per day. */
  readonly perNodeDay: number
  /** The exact Poisson confidence interval of `perNodeDay`. */
  readonly interval: { readonly lower: number; readonly upper: number }
  /** What the simulation counted. */
  readonly simulated: { readonly uses: number; readonly lost: number; readonly nodeDays: number }
  /** The factor by which the window was widened and the count divided. */
  readonly magnification: number
}

export interface EstimateOptions {
  readonly seed: number
  /** Number of passes over a tuple to simulate. About 5 million take one second. */
  readonly passes: number
  /** Default: the largest factor with which a hit of the window is still rare. */
  readonly magnification?: number
}

/** Confidence of the interval, two-sided. */
export const confidence = 0.95

export function estimate(
  cleanup: Cleanup,
  workload: Workload,
  timing: Timing,
  { seed, passes, magnification = magnify(cleanup, workload, timing) }: EstimateOptions,
): Estimate {
  const model = modelOf(cleanup, 'udp')
  const random = new Random(seed)
  const span = Math.max(dayMs, timing.period * leastCycles)
  const tuples = Math.max(1, Math.round((passes * timing.period) / span))
  const widened = withWiderWindow(cleanup, timing, magnification)
  let uses = 0
  let lost = 0
  for (let tuple = 0; tuple < tuples; tuple++) {
    const simulated = simulateTuple(model, workload, widened, span, random)
    uses += simulated.uses
    lost += simulated.lost
  }
  const nodeDays = (tuples / tuplesOf(workload)) * (span / dayMs)
  const scale = 1 / (nodeDays * magnification)
  const { lower, upper } = poissonBounds(lost, confidence)
  return {
    algorithm: cleanup.algorithm,
    perNodeDay: lost * scale,
    interval: { lower: lower * scale, upper: upper * scale },
    simulated: { uses, lost, nodeDays },
    magnification,
  }
}

/** Minimum number of cycles per tuple, because the first cycles have no history. */
const leastCycles = 20

/**
 * Maximum share of the gaps and reply times that the window may have. A loss is rare, because a reuse must hit a window of milliseconds or
 * microseconds. The number of losses is proportional to the width of the window, as long as the window is short compared to the gaps and the
 * reply times. So the simulation uses a wider window and divides the count.
 */
const rareShare = 0.01

function magnify(cleanup: Cleanup, workload: Workload, timing: Timing): number {
  const { dump, snapshotToDelete, rereadToDelete, period } = timing
  const window = isGuarded(cleanup) ? meanOf(rereadToDelete) : dump + meanOf(snapshotToDelete)
  const room = Math.min(rareShare * meanOf(workload.gap), rareShare * workload.replyAfter * replyShare, period / 4)
  return Math.max(1, Math.floor(room / window))
}

/** Factor on `rareShare` for the reply time. The window must stay short compared to it too, because only a reply that is still to come can be lost. */
const replyShare = 10

/** Whether the algorithm looks again before it deletes, and so loses nothing that is reused in the window after the snapshot. */
const isGuarded = (cleanup: Cleanup): boolean =>
  explorationOf(cleanup).losing.every((schedule) => lastWindow(schedule) !== 'after-snapshot')

const withWiderWindow = (cleanup: Cleanup, timing: Timing, times: number): Timing =>
  isGuarded(cleanup)
    ? { ...timing, rereadToDelete: stretched(timing.rereadToDelete, times) }
    : { ...timing, dump: timing.dump * times, snapshotToDelete: stretched(timing.snapshotToDelete, times) }
