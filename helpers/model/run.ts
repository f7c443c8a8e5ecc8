/** Runs a schedule in the model: what each look at kernel and map sees, and whether the reply is lost. */
import type { EventOf } from '../history/event.ts'
import type { Schedule, Step } from '../schedule/schedule.ts'
import { isInMap } from './state.ts'
import { isLost, start, take, type Model } from './step.ts'

export interface Look {
  readonly moment: EventOf<'observed'>['moment']
  readonly kernel: boolean
  readonly map: boolean
}

export type ModelRun =
  | { readonly kind: 'ran'; readonly looks: readonly Look[]; readonly lost: boolean }
  /** The algorithm cannot take the step, e.g. it has no re-read. `index`: the place of the step, from 0. */
  | { readonly kind: 'stuck'; readonly index: number; readonly step: Step }

/** The steps after which an attempt looks at kernel and map, and the names of these looks. */
const moments: Partial<Record<Step, Look['moment']>> = {
  open: 'opened',
  expire: 'expired',
  reuse: 'reused',
  compare: 'passed',
  release: 'passed',
}

export function runInModel(model: Model, schedule: Schedule): ModelRun {
  let state = start
  const looks: Look[] = []
  for (const [index, step] of schedule.entries()) {
    const next = take(model, state, step)
    if (!next) return { kind: 'stuck', index, step }
    state = next
    const moment = moments[step]
    if (moment) looks.push({ moment, kernel: state.live, map: isInMap(state) })
  }
  return { kind: 'ran', looks, lost: isLost(model, state) }
}
