/** How many replies a node loses in a day under a cleanup algorithm. */
import { explorationOf, modelOf, type Cleanup } from '../model/matrix.ts'
import { lastWindow } from '../schedule/schedule.ts'
import { poissonBounds } from '../statistics/poisson.ts'
import { meanOf, Random } from './random.ts'
import { simulateTuple, stretched } from './simulate.ts'
import { tuplesOf, type Timing, type Workload } from './workload.ts'

const dayMs = 86_400_000

export interface Estimate {
  readonly algorithm: Cleanup['algorithm']
  /** Replies lost, of a node in a day; and the exact Poisson interval of what was simulated. */
  readonly perNodeDay: number
  readonly interval: { readonly lower: number; readonly upper: number }
  /** What the simulation saw. */
  readonly simulated: { readonly uses: number; readonly lost: number; readonly nodeDays: number }
  /** By how much the window was widened, and the count divided. */
  readonly magnification: number
}

export interface EstimateOptions {
  readonly seed: number
  /** Passes over a tuple to simulate: about 5 million take a second. */
  readonly passes: number
  /** Default: as much as the window can be widened and stay rare. */
  readonly magnification?: number
}

/** Of the interval. */
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
  const widened = widen(cleanup, timing, magnification)
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

/** A tuple's first cycles know nothing of those before. */
const leastCycles = 20

/**
 * A loss is rare: a reuse has to hit a window of milliseconds, or microseconds. How often it does grows with the window's width as
 * long as the window stays short beside the gaps and the replies, so a wider one is simulated, and the count divided.
 */
const rareShare = 0.01

function magnify(cleanup: Cleanup, workload: Workload, timing: Timing): number {
  const { dump, snapshotToDelete, rereadToDelete, period } = timing
  const window = isGuarded(cleanup) ? meanOf(rereadToDelete) : dump + meanOf(snapshotToDelete)
  const room = Math.min(rareShare * meanOf(workload.gap), rareShare * workload.replyAfter * replyShare, period / 4)
  return Math.max(1, Math.floor(room / window))
}

/** Only a reply that is still to come can be lost: the window may not become a good part of what it waits for. */
const replyShare = 10

/** It sees a reuse before its last look, and so loses nothing that is reused in the window after the snapshot. */
const isGuarded = (cleanup: Cleanup): boolean =>
  explorationOf(cleanup).losing.every((schedule) => lastWindow(schedule) !== 'after-snapshot')

const widen = (cleanup: Cleanup, timing: Timing, times: number): Timing =>
  isGuarded(cleanup)
    ? { ...timing, rereadToDelete: stretched(timing.rereadToDelete, times) }
    : { ...timing, dump: timing.dump * times, snapshotToDelete: stretched(timing.snapshotToDelete, times) }
