/** Which schedules can be made to happen: what the hold, the kernel and the peers can put into an order, and what the testbed offers. */
import { isPerFlow, windowTable, type Window } from '../windows.ts'
import { isHold, windowOf, type Schedule, type Step } from './schedule.ts'

interface Unenforceable {
  /** Place in the schedule, from 0; its length where something is missing at the end. */
  readonly index: number
  readonly step: Step | undefined
  readonly why: string
}

/** What a testbed offers besides traffic. */
export interface Capabilities {
  /** The agent can be ended, and another one started on the same map. */
  readonly restartAgent: boolean
  /** The server's packets can be kept back. */
  readonly holdReplies: boolean
  /** The client's node can be looked at. */
  readonly readNode: boolean
  /** The agent can be held there, and entries and timeouts changed. */
  readonly changeNode: boolean
}

/** The lab offers all of them. */
export const allCapabilities: Capabilities = { restartAgent: true, holdReplies: true, readNode: true, changeNode: true }

/** @returns why this step is not possible with these capabilities */
function lacking(step: Step, { restartAgent, readNode, changeNode }: Capabilities): string | undefined {
  if (step === 'restart' && !restartAgent)
    return 'the agent of a cluster cannot be restarted by a schedule: use the lab'
  if (step === 'reuse:observed' && !readNode)
    return 'the run may not look at the client’s node, and would not see the pass begin'
  if (step.startsWith('hold:') && !changeNode)
    return 'the agent can be held only by a run that may change the client’s node (allow_node_changes)'
  return undefined
}

interface State {
  /** The connection stands: it can expire, and cannot be made again. */
  readonly inUse: boolean
  /** Where the agent is held. */
  readonly held: Window | undefined
  readonly opened: boolean
  readonly replied: boolean
}

type Next = State | string

/** @returns the state after the step, or why it cannot be had */
function after(state: State, step: Step): Next {
  if (state.replied && step !== 'heal') return 'the reply is the end of a schedule'
  if (!state.opened && step !== 'open') return 'a schedule begins with "open"'
  if (isHold(step)) return afterHold(state, windowOf(step))
  switch (step) {
    case 'open':
      return state.opened ? 'the wave is opened once; use "reuse"' : { ...state, opened: true, inUse: true }
    case 'expire':
      if (state.held && isPerFlow(state.held))
        return `${windowTable[state.held].words.place} the agent is held for one flow, which only "reuse" is for`
      return state.inUse ? { ...state, inUse: false } : 'nothing is in the kernel’s table that could expire'
    case 'reuse':
      return state.inUse ? 'the 5-tuple is in use: it has to "expire" first' : { ...state, inUse: true }
    case 'reuse:observed':
    case 'reuse:predicted':
      if (state.held) return 'the agent is held: this is a reuse for one that is not'
      return state.inUse ? 'the 5-tuple is in use: it has to "expire" first' : { ...state, inUse: true }
    case 'hydrate':
    case 'compare':
    case 'restart':
      return state.held === undefined ? state : 'the agent is held: it has to be let go by "release" first'
    case 'release':
      return state.held === undefined ? 'the agent is not held' : { ...state, held: undefined }
    case 'reply':
      if (state.held) return 'the agent is held: it has to be let go by "release" first'
      return state.inUse ? { ...state, replied: true } : 'no flow is in use that a reply could be for'
    case 'heal':
      return state.replied ? state : 'nothing can heal before the reply'
  }
}

/** From a window of the whole pass the agent can go on to one of a flow. */
function afterHold(state: State, window: Window): Next {
  const goesOn = !state.held || (!isPerFlow(state.held) && isPerFlow(window))
  return goesOn ? { ...state, held: window } : 'the agent is held already'
}

/** @returns the first step that cannot be enforced, and why; undefined for a schedule that can be run */
export function unenforceable(
  schedule: Schedule,
  capabilities: Capabilities = allCapabilities,
): Unenforceable | undefined {
  let state: State = { inUse: false, held: undefined, opened: false, replied: false }
  for (const [index, step] of schedule.entries()) {
    const next = lacking(step, capabilities) ?? after(state, step)
    if (typeof next === 'string') return { index, step, why: next }
    state = next
  }
  return state.replied
    ? undefined
    : { index: schedule.length, step: undefined, why: 'without "reply" nothing is shown at its end' }
}

/** A sentence about it. */
export const unenforceableText = ({ index, step, why }: Unenforceable): string =>
  `cannot be enforced: step ${index + 1}${step ? ` (${step})` : ''}: ${why}`
