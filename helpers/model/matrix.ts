/** Chooses the schedules to try each algorithm with: the shortest losing schedules of all algorithms, and the controls. */
import type { Protocol } from '../flow.ts'
import { referenceAgent, referenceAgents, referenceAlgorithms, type ReferenceAlgorithm } from '../agents/reference.ts'
import { controlSchedules, isHold, parseSchedule, scheduleText, type Schedule } from '../schedule/schedule.ts'
import { explore, type Exploration } from './explore.ts'
import { runInModel, type ModelRun } from './run.ts'
import type { Stamp } from './state.ts'
import type { Model } from './step.ts'

/** A cleanup algorithm, and when its datapath stamps entries. */
export interface Cleanup {
  readonly algorithm: ReferenceAlgorithm
  readonly stamp: Stamp
}

export const cleanupOf = (algorithm: ReferenceAlgorithm): Cleanup => ({
  algorithm,
  stamp: referenceAgents[algorithm].stamp,
})

/** The cleanups that were released or proposed upstream. */
export const cleanups: readonly Cleanup[] = referenceAlgorithms
  .filter((algorithm) => referenceAgents[algorithm].origin === 'upstream')
  .map(cleanupOf)

/** The cleanups that we propose. */
export const candidates: readonly Cleanup[] = referenceAlgorithms
  .filter((algorithm) => referenceAgents[algorithm].origin === 'candidate')
  .map(cleanupOf)

/** Maximum number of steps of a schedule. The longest of the shortest losing schedules has nine. */
export const matrixDepth = 12

export const modelOf = ({ algorithm, stamp }: Cleanup, transport: Protocol = 'tcp'): Model => ({
  algorithm: referenceAgents[algorithm].rules,
  asksConntrack: referenceAgent(algorithm).asksConntrack ?? false,
  stamp,
  transport,
})

export const explorationOf = (cleanup: Cleanup, depth = matrixDepth): Exploration => explore(modelOf(cleanup), depth)

/** Returns the schedules to try, the shortest first. */
export function matrixSchedules(): Schedule[] {
  const losing = [...cleanups, ...candidates].flatMap((cleanup) => explorationOf(cleanup).losing)
  const controls: Schedule[] = Object.values(controlSchedules)
  // An algorithm with one phase has no hydrate step.
  const ofOnePhase = controls.map((schedule) => schedule.filter((step) => step !== 'hydrate'))
  const texts = new Set([...losing, ...controls, ...ofOnePhase].map(scheduleText))
  return [...texts].map(parseSchedule).toSorted((a, b) => a.length - b.length)
}

export interface Cell {
  readonly schedule: Schedule
  readonly predicted: ModelRun
}

/**
 * Returns the cells of one algorithm. That a pass does not reach a window is a prediction too. If the algorithm cannot take another kind of step,
 * the schedule does not suit it and is left out.
 */
export const cellsOf = (cleanup: Cleanup, transport: Protocol, schedules = matrixSchedules()): Cell[] =>
  schedules
    .map((schedule) => ({ schedule, predicted: runInModel(modelOf(cleanup, transport), schedule) }))
    .filter(
      ({ schedule, predicted }) =>
        predicted.kind === 'ran' || lacksWindow(modelOf(cleanup, transport), schedule, predicted),
    )

/** Whether the algorithm can run or continue a pass at that step, and the pass does not reach the window. */
const lacksWindow = (
  model: Model,
  schedule: Schedule,
  { step, index }: Extract<ModelRun, { kind: 'stuck' }>,
): boolean =>
  isHold(step) &&
  (['compare', 'release'] as const).some(
    (rest) => runInModel(model, [...schedule.slice(0, index), rest]).kind === 'ran',
  )
