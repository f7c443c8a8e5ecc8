/** Builds schedules that together take every step in every state of the model. They cover its whole graph, not a sample of it. */
import type { Schedule, Step } from '../schedule/schedule.ts'
import { keyOf, type State } from './state.ts'
import { start, take, type Model } from './step.ts'
import { choosable } from './walk.ts'

interface Edge {
  readonly step: Step
  readonly to: string
}

type Graph = ReadonlyMap<string, readonly Edge[]>

/** Builds the schedules. @param longest number of steps after which a schedule is finished; finishing it may take a few more steps */
export function tour(model: Model, longest: number): Schedule[] {
  const opened = take(model, start, 'open')
  if (!opened) return []
  const graph = graphFrom(model, opened)
  const untaken = new Set([...graph].flatMap(([from, edges]) => edges.map(({ step }) => edgeName(from, step))))
  const schedules: Schedule[] = []
  while (untaken.size > 0) schedules.push(finishedSchedule(model, nextSchedule(graph, keyOf(opened), untaken, longest)))
  return schedules
}

const edgeName = (from: string, step: Step): string => `${from} ${step}`

function graphFrom(model: Model, first: State): Graph {
  const graph = new Map<string, Edge[]>()
  const ahead = [first]
  for (let state = ahead.pop(); state; state = ahead.pop()) {
    const from = state
    if (graph.has(keyOf(from))) continue
    const nexts = choosable.flatMap((step) => {
      const to = take(model, from, step)
      return to ? [{ step, to }] : []
    })
    graph.set(
      keyOf(from),
      nexts.map(({ step, to }) => ({ step, to: keyOf(to) })),
    )
    ahead.push(...nexts.map(({ to }) => to))
  }
  return graph
}

/** Builds one schedule: goes again and again to the nearest step that was not taken yet. */
function nextSchedule(graph: Graph, from: string, untaken: Set<string>, longest: number): Step[] {
  const way: Step[] = ['open']
  let at = from
  while (way.length < longest) {
    const next = nearest(graph, at, untaken)
    if (!next) break
    for (const { step, to } of next) {
      untaken.delete(edgeName(at, step))
      way.push(step)
      at = to
    }
  }
  return way
}

/** Returns the shortest path that ends with a step that was not taken yet; undefined if there is none. */
function nearest(graph: Graph, from: string, untaken: ReadonlySet<string>): readonly Edge[] | undefined {
  const seen = new Set([from])
  const ahead: { readonly at: string; readonly way: readonly Edge[] }[] = [{ at: from, way: [] }]
  for (const { at, way } of ahead) {
    for (const edge of graph.get(at) ?? []) {
      if (untaken.has(edgeName(at, edge.step))) return [...way, edge]
      if (seen.has(edge.to)) continue
      seen.add(edge.to)
      ahead.push({ at: edge.to, way: [...way, edge] })
    }
  }
  return undefined
}

/** Finishes a schedule with a reply, and with the steps that must come before it. */
function finishedSchedule(model: Model, way: readonly Step[]): Schedule {
  const state = way.reduce<State | undefined>((at, step) => at && take(model, at, step), start)
  return [...way, ...(state?.pass ? ['release' as const] : []), ...(state?.live ? [] : ['reuse' as const]), 'reply']
}
