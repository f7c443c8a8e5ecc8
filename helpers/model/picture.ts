/** Draws a schedule as text: after each step, what is in the kernel's table and in the policy map, and what the agent does. */
import { isHold, scheduleText, windowOf, type Schedule, type Step } from '../schedule/schedule.ts'
import { windowTable } from '../windows.ts'
import { isInMap, type State } from './state.ts'
import { isLost, start, take, type Model } from './step.ts'

const columns = [21, 12, 12] as const

const row = (cells: readonly string[]): string =>
  `  ${cells.map((cell, index) => cell.padEnd(columns[index] ?? 0)).join('')}`.trimEnd()

const words: Partial<Record<Step, string>> = {
  hydrate: 'copies the keys of the map',
  compare: 'runs a whole pass: dumps the kernel’s table and decides',
}

function agentDoes(step: Step, before: State, after: State): string {
  const deletes = isInMap(before) && !isInMap(after)
  if (step === 'release') return deletes ? 'is released, and deletes the key' : 'is released, and keeps the key'
  const does = isHold(step) ? windowTable[windowOf(step)].words.agent : (words[step] ?? '')
  return `${does}${deletes ? '; deletes the key' : ''}`
}

/** Draws a schedule. @throws RangeError if the algorithm cannot take one of the steps */
export function picture(model: Model, schedule: Schedule): string {
  let state = start
  const rows = schedule.map((step) => {
    const next = take(model, state, step)
    if (!next) throw new RangeError(`${scheduleText(schedule)}: this algorithm cannot take the step "${step}"`)
    const does = agentDoes(step, state, next)
    state = next
    if (step === 'reply') return row(['reply', isLost(model, next) ? 'finds no map entry: DROPPED' : 'arrives'])
    return row([step, next.live ? 'present' : 'gone', isInMap(next) ? (next.live ? 'present' : 'stale') : 'GONE', does])
  })
  return [row(['step', 'kernel', 'policy map', 'agent']), ...rows, ''].join('\n')
}
