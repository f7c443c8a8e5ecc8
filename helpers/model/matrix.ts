/** Which schedules each algorithm is tried with: all shortest losing ones of any algorithm, and the controls. */
import type { Protocol } from '../flow.ts'
import { referenceAgents, referenceAlgorithms, type ReferenceAlgorithm } from '../agents/reference.ts'
import { controlSchedules, isHold, parseSchedule, scheduleText, type Schedule } from '../schedule/schedule.ts'
import { explore, type Exploration } from './explore.ts'
import { runInModel, type ModelRun } from './run.ts'
import type { Stamp } from './state.ts'
import type { Model } from './step.ts'

/** A cleanup, with the datapath that it was made for. */
export interface Cleanup {
  readonly algorithm: ReferenceAlgorithm
  readonly stamp: Stamp
}

export const cleanupOf = (algorithm: ReferenceAlgorithm): Cleanup => ({
  algorithm,
  stamp: referenceAgents[algorithm].stamp,
})

/** Those of the agent's history. */
export const cleanups: readonly Cleanup[] = referenceAlgorithms
  .filter((algorithm) => referenceAgents[algorithm].origin === 'upstream')
  .map(cleanupOf)

/** Far beyond the longest of the shortest losing schedules, which has nine steps. */
export const matrixDepth = 12

export const modelOf = ({ algorithm, stamp }: Cleanup, transport: Protocol = 'tcp'): Model => ({
  algorithm: referenceAgents[algorithm].rules,
  stamp,
  transport,
})

export const explorationOf = (cleanup: Cleanup, depth = matrixDepth): Exploration => explore(modelOf(cleanup), depth)

/** Shortest first. */
export function matrixSchedules(): Schedule[] {
  const losing = cleanups.flatMap((cleanup) => explorationOf(cleanup).losing)
  const controls: Schedule[] = Object.values(controlSchedules)
  // An algorithm of one phase copies nothing beforehand.
  const ofOnePhase = controls.map((schedule) => schedule.filter((step) => step !== 'hydrate'))
  const texts = new Set([...losing, ...controls, ...ofOnePhase].map(scheduleText))
  return [...texts].map(parseSchedule).toSorted((a, b) => a.length - b.length)
}

export interface Cell {
  readonly schedule: Schedule
  readonly predicted: ModelRun
}

/**
 * Cells of one algorithm. If a pass of it does not come to a window, that is a prediction too; other steps that it cannot take say something
 * about the schedule, and not about the algorithm.
 */
export const cellsOf = (cleanup: Cleanup, transport: Protocol, schedules = matrixSchedules()): Cell[] =>
  schedules
    .map((schedule) => ({ schedule, predicted: runInModel(modelOf(cleanup, transport), schedule) }))
    .filter(
      ({ schedule, predicted }) =>
        predicted.kind === 'ran' || lacksWindow(modelOf(cleanup, transport), schedule, predicted),
    )

/** It can run a pass at that step, or go on with one, and is not held in it. */
const lacksWindow = (
  model: Model,
  schedule: Schedule,
  { step, index }: Extract<ModelRun, { kind: 'stuck' }>,
): boolean =>
  isHold(step) &&
  (['compare', 'release'] as const).some(
    (rest) => runInModel(model, [...schedule.slice(0, index), rest]).kind === 'ran',
  )
