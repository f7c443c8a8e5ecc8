/**
 * Turns any list of numbers into a schedule: each number chooses one of the possible steps. Random lists give random schedules, and shorter lists
 * give shorter schedules.
 */
import { holdStep, type Schedule, type Step } from '../schedule/schedule.ts'
import { windows } from '../windows.ts'
import type { State } from './state.ts'
import { start, take, type Model } from './step.ts'

/** The steps that may come between "open" and "reply". */
export const choosable: readonly Step[] = ['expire', 'reuse', 'hydrate', 'compare', ...windows.map(holdStep), 'release']

/** Builds a schedule that begins with "open" and ends with "reply". Adds the steps that must come before the reply. */
export function walk(model: Model, choices: readonly number[]): Schedule {
  const schedule: Step[] = []
  let state: State = start
  const go = (step: Step): boolean => {
    const next = take(model, state, step)
    if (!next) return false
    schedule.push(step)
    state = next
    return true
  }
  go('open')
  for (const choice of choices) {
    const possible = choosable.filter((step) => take(model, state, step))
    const step = possible[choice % possible.length]
    if (step) go(step)
  }
  if (state.pass) go('release')
  if (!state.live) go('reuse')
  go('reply')
  return schedule
}
