/** Determines in which windows a cleanup loses a flow that is reused while the agent is held there. */
import { raceSchedule } from '../schedule/schedule.ts'
import { windows, type Window } from '../windows.ts'
import { modelOf, type Cleanup } from './matrix.ts'
import { runInModel } from './run.ts'

/** Compare passes that a flow is idle before the pass of the window. Some cleanups delete only after one. */
const idlePasses = [0, 1, 2]

export function lostWindows(cleanup: Cleanup): Window[] {
  const model = modelOf(cleanup)
  // An algorithm with one phase has no hydrate step.
  const hydrates = model.algorithm.phases === 'two'
  const loses = (window: Window): boolean =>
    idlePasses.some((passes) => {
      const schedule = raceSchedule(window, passes).filter((step) => hydrates || step !== 'hydrate')
      const run = runInModel(model, schedule)
      return run.kind === 'ran' && run.lost
    })
  return windows.filter(loses)
}
