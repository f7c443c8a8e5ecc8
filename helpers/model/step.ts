/** Applies a step of a schedule to a state of the model. */
import type { Protocol } from '../flow.ts'
import { isHold, windowOf, type Step } from '../schedule/schedule.ts'
import { isPerFlow, type Window } from '../windows.ts'
import type { Decision, ModelAlgorithm } from './rules.ts'
import { isInMap, type MapEntry, type Pass, type Stamp, type State } from './state.ts'

export interface Model {
  readonly algorithm: ModelAlgorithm
  /** When the datapath stamps an entry. */
  readonly stamp: Stamp
  /** A TCP client resets the connection that it leaves. The datapath handles this packet like any other, so it may stamp the entry. */
  readonly transport: Protocol
  /** Whether the datapath asks the kernel's table before it drops a reply. If the flow is there, it adds the entry again. */
  readonly asksConntrack?: boolean
}

/** The state before the first step. */
export const start: State = {
  now: 1,
  live: false,
  entry: undefined,
  previous: undefined,
  copied: false,
  memory: { cycle: 'even', missed: { even: false, odd: false } },
  pass: undefined,
}

/** Takes a step. @returns the state after it; undefined if the step is not possible */
export function take(model: Model, before: State, step: Step): State | undefined {
  const state = { ...before, now: before.now + 1 }
  const { live, pass } = state
  const free = pass === undefined
  if (isHold(step)) return runTo[windowOf(step)](model, state)
  switch (step) {
    case 'open':
      return live || isInMap(state) ? undefined : afterUse(model, state)
    case 'reuse':
      return live ? undefined : afterUse(model, state)
    case 'expire':
      // If the agent is held for one flow, only the reuse of this flow may come next.
      return live && !isHeldForFlow(pass) ? afterLeaving(model, state) : undefined
    case 'hydrate':
      return free && model.algorithm.phases === 'two' && !state.copied
        ? { ...state, copied: state.entry !== undefined }
        : undefined
    case 'compare':
      return free && comparesNext(model, state) ? finish(model, begin(model, state)) : undefined
    case 'release':
      return pass ? finish(model, state) : undefined
    case 'reply':
      return live && free ? afterReply(model, state) : undefined
    case 'reuse:observed':
    case 'reuse:predicted':
    case 'restart':
    case 'heal':
      return undefined
  }
}

/** Whether the reply of the live flow finds no entry and is dropped. */
export const isLost = ({ asksConntrack = false }: Model, state: State): boolean =>
  state.live && !isInMap(state) && !asksConntrack

const afterReply = (model: Model, state: State): State =>
  model.asksConntrack && !state.entry ? afterUse(model, state) : state

/** Returns the state after a packet of the client: kernel and map have the flow. Only some datapaths stamp an existing entry. */
function afterUse({ stamp }: Model, state: State): State {
  const { now } = state
  const entry = state.entry ?? state.previous
  const fresh: MapEntry = { stamp: stamp === 'none' ? 0 : now }
  return { ...state, live: true, entry: entry && stamp !== 'last-seen' ? entry : fresh }
}

/** Returns the state after the client has left its connection and the kernel has forgotten it. */
const afterLeaving = (model: Model, state: State): State => ({
  ...(model.transport === 'tcp' ? afterUse(model, state) : state),
  live: false,
})

const comparesNext = ({ algorithm }: Model, { copied }: State): boolean => algorithm.phases === 'one' || copied

/** Begins a compare pass: the agent takes the time and then dumps the kernel's table. The new state is right after the dump. */
function begin({ algorithm }: Model, state: State): State {
  const pass: Pass = {
    held: 'after-snapshot',
    began: algorithm.clock(state.now),
    missing: !state.live,
    reread: undefined,
  }
  return { ...state, pass }
}

/** Whether the algorithm decides about the flow: it knows the key, and the flow is missing in the dump. */
const considers = ({ algorithm }: Model, { entry, previous, copied }: State, { missing }: Pass): boolean =>
  algorithm.generations
    ? previous !== undefined
    : (algorithm.phases === 'two' ? copied : entry !== undefined) && (missing || algorithm.considers === 'all')

const isHeldForFlow = (pass: Pass | undefined): boolean => pass !== undefined && isPerFlow(pass.held)

/** Returns the state in a pass that has not reached its flows yet: the current pass, or a new one. Undefined if there is none. */
function beforeFlows(model: Model, state: State): (State & { readonly pass: Pass }) | undefined {
  const { pass } = state.pass || !comparesNext(model, state) ? state : begin(model, state)
  return pass && !isHeldForFlow(pass) ? { ...state, pass } : undefined
}

/** For each window, runs the agent until it is held there. Returns undefined if the agent does not get there. */
const runTo: Record<Window, (model: Model, state: State) => State | undefined> = {
  'after-snapshot': (model, state) =>
    state.pass === undefined && comparesNext(model, state) ? begin(model, state) : undefined,
  'after-reread'(model, before) {
    const state = beforeFlows(model, before)
    if (!state || !model.algorithm.rereads || !considers(model, state, state.pass)) return undefined
    return { ...state, pass: { ...state.pass, held: 'after-reread', reread: { entry: state.entry } } }
  },
  'before-delete'(model, before) {
    const state = beforeFlows(model, before)
    if (!state || model.algorithm.deletesIn === 'program') return undefined
    const decision = decide(model, state, state.pass)
    if (decision.fate !== 'deleted') return undefined
    const pass = { ...state.pass, held: 'before-delete' as const }
    return { ...afterCopy(model, state, pass), memory: decision.memory, pass }
  },
}

/** Decides what happens to the entry in this pass, from what the agent has seen. */
function decide(model: Model, state: State, pass: Pass): Decision {
  const { entry, memory } = state
  if (pass.held === 'before-delete') return { fate: 'deleted', memory } // It decided before it was held.
  return considers(model, state, pass)
    ? model.algorithm.decide(memory, pass.reread ? pass.reread.entry : entry, pass.began)
    : { fate: 'kept', memory }
}

/** Returns the state after a pass of a map with generations has copied the flow, if it was in the snapshot. */
const afterCopy = ({ algorithm }: Model, state: State, { missing }: Pass): State =>
  algorithm.generations === 'copied' && !missing ? { ...state, entry: state.entry ?? state.previous } : state

/** What each fate makes of the entry. */
const after: Record<Decision['fate'], (entry: MapEntry | undefined) => MapEntry | undefined> = {
  deleted: () => undefined,
  kept: (entry) => entry,
  marked: (entry) => entry && { stamp: 0 },
}

/** Runs the rest of the pass without a stop. */
function finish(model: Model, state: State): State {
  const { algorithm } = model
  const { pass, entry } = state
  if (!pass) return state
  const decision = decide(model, state, pass)
  if (algorithm.generations) {
    const { entry: current } = afterCopy(model, state, pass)
    return { ...state, entry: undefined, previous: current, pass: undefined }
  }
  return {
    ...state,
    copied: false,
    entry: after[decision.fate](entry),
    memory: algorithm.end(decision.memory),
    pass: undefined,
  }
}
