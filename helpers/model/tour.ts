/** Schedules that together take every step in every state that the model can be in: its whole graph, and not a sample of it. */
import type { Schedule, Step } from '../schedule/schedule.ts'
import { keyOf, type State } from './state.ts'
import { start, take, type Model } from './step.ts'
import { choosable } from './walk.ts'

interface Edge {
  readonly step: Step
  readonly to: string
}

type Graph = ReadonlyMap<string, readonly Edge[]>

/** @param longest steps of a schedule after which no new one is begun in it; it is a little longer then */
export function tour(model: Model, longest: number): Schedule[] {
  const opened = take(model, start, 'open')
  if (!opened) return []
  const graph = graphFrom(model, opened)
  const untaken = new Set([...graph].flatMap(([from, edges]) => edges.map(({ step }) => edgeName(from, step))))
  const schedules: Schedule[] = []
  while (untaken.size > 0) schedules.push(closed(model, oneWay(graph, keyOf(opened), untaken, longest)))
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

/** Goes to the nearest step that was not taken, over and over. */
function oneWay(graph: Graph, from: string, untaken: Set<string>, longest: number): Step[] {
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

/** The shortest way that ends with a step which was not taken. */
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

/** Ends with a reply, and what that takes. */
function closed(model: Model, way: readonly Step[]): Schedule {
  const state = way.reduce<State | undefined>((at, step) => at && take(model, at, step), start)
  return [...way, ...(state?.pass ? ['release' as const] : []), ...(state?.live ? [] : ['reuse' as const]), 'reply']
}
