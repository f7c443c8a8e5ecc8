/** Tries every step in every state up to a depth, to find the schedules that lose a live flow and how long a stale entry is kept. */
import type { Schedule, Step } from '../schedule/schedule.ts'
import { isInMap, keyOf, type State } from './state.ts'
import { isLost, start, take, type Model } from './step.ts'
import { choosable } from './walk.ts'

/** Number of compare passes that a stale entry may survive before it is deleted. Only whole passes of an agent that knows the entry count. */
type Retention = number | 'for ever'

export interface Exploration {
  readonly depth: number
  /** Number of different states at each depth, added up. */
  readonly states: number
  /** Number of different schedules that end with a reply. To run all schedules of up to 12 steps on a kernel would take days. */
  readonly schedules: number
  /** All losing schedules of the shortest length; empty if none was found. */
  readonly losing: readonly Schedule[]
  readonly retention: Retention
}

/** A state, and all paths to it of the present length. */
interface Reached {
  readonly state: State
  ways: number
  readonly from: { readonly step: Step; readonly reached: Reached | undefined }[]
}

/** Explores the model. @param depth maximum number of steps of a schedule, including "open" and "reply" */
export function explore(model: Model, depth: number): Exploration {
  let losing: readonly Schedule[] = []
  let states = 0
  let schedules = 0
  let retention: Retention = 0
  let layer = new Map<string, Reached>()
  const opened = take(model, start, 'open')
  if (opened) layer.set(keyOf(opened), { state: opened, ways: 1, from: [{ step: 'open', reached: undefined }] })
  for (let length = 1; length < depth && layer.size > 0; length++) {
    states += layer.size
    const ends = [...layer.values()].filter(({ state }) => take(model, state, 'reply'))
    schedules += ends.reduce((sum, { ways }) => sum + ways, 0)
    if (losing.length === 0)
      losing = ends
        .filter(({ state }) => isLost(model, state))
        .flatMap((end) => waysTo(end).map((way): Schedule => [...way, 'reply']))
    for (const { state } of layer.values()) retention = longer(retention, retentionFrom(model, state))
    layer = next(model, layer)
  }
  return { depth, states: states + layer.size, schedules, losing, retention }
}

function next(model: Model, layer: ReadonlyMap<string, Reached>): Map<string, Reached> {
  const after = new Map<string, Reached>()
  for (const reached of layer.values()) {
    for (const step of choosable) {
      const state = take(model, reached.state, step)
      if (!state) continue
      const key = keyOf(state)
      const known = after.get(key)
      if (known) {
        known.ways += reached.ways
        known.from.push({ step, reached })
      } else after.set(key, { state, ways: reached.ways, from: [{ step, reached }] })
    }
  }
  return after
}

const waysTo = ({ from }: Reached): Schedule[] =>
  from.flatMap(({ step, reached }) => (reached ? waysTo(reached).map((way): Schedule => [...way, step]) : [[step]]))

const longer = (a: Retention, b: Retention): Retention =>
  a === 'for ever' || b === 'for ever' ? 'for ever' : Math.max(a, b)

/** Counts how many compare passes a stale entry survives if only the agent's passes happen. */
function retentionFrom(model: Model, dead: State): Retention {
  if (dead.live || !isInMap(dead) || dead.pass) return 0
  const seen = new Set<string>()
  let state = dead
  for (let passes = 0; ;) {
    if (!isInMap(state)) return passes
    const key = keyOf(state)
    if (seen.has(key)) return 'for ever'
    seen.add(key)
    const compared = take(model, state, 'compare')
    const after = compared ?? take(model, state, 'hydrate')
    if (!after) return 'for ever'
    if (compared) passes++
    state = after
  }
}
