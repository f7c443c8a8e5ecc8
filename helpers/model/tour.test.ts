import { describe, expect, test } from 'vitest'
import { unenforceable } from '../schedule/enforceable.ts'
import type { Step } from '../schedule/schedule.ts'
import { cleanups, modelOf } from './matrix.ts'
import { runInModel } from './run.ts'
import { keyOf, type State } from './state.ts'
import { start, take, type Model } from './step.ts'
import { tour } from './tour.ts'
import { choosable } from './walk.ts'

const models = cleanups.flatMap((cleanup) =>
  (['tcp', 'udp'] as const).map((transport) => ({
    name: `${cleanup.algorithm} ${transport}`,
    model: modelOf(cleanup, transport),
  })),
)

/** Returns the states and steps of a schedule, each as `state step`. */
function taken(model: Model, schedule: readonly Step[]): { readonly edges: string[]; readonly states: State[] } {
  const edges: string[] = []
  const states: State[] = []
  let state = start
  for (const step of schedule) {
    edges.push(`${keyOf(state)} ${step}`)
    const next = take(model, state, step)
    if (!next) throw new Error(`cannot take ${step}`)
    state = next
    states.push(state)
  }
  return { edges, states }
}

describe.for(models)('the tour of $name', ({ model }) => {
  const schedules = tour(model, 30)

  test('takes every step in every state', () => {
    const all = schedules.map((schedule) => taken(model, schedule))
    const edges = new Set(all.flatMap((each) => each.edges))
    for (const state of all.flatMap((each) => each.states))
      for (const step of choosable.filter((each) => take(model, state, each)))
        expect(edges).toContain(`${keyOf(state)} ${step}`)
  })

  test('has only schedules that the model and the kernel can run', () => {
    for (const schedule of schedules) {
      expect(unenforceable(schedule)).toBeUndefined()
      expect(runInModel(model, schedule)).toMatchObject({ kind: 'ran' })
    }
  })
})
