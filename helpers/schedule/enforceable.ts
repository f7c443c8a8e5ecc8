/** Checks whether a schedule can be run: whether the suite can enforce the order of its steps, and whether the testbed can do them. */
import { isPerFlow, windowTable, type Window } from '../windows.ts'
import { isHold, windowOf, type Schedule, type Step } from './schedule.ts'

interface Unenforceable {
  /** Place in the schedule, from 0. It is the length of the schedule if a step is missing at its end. */
  readonly index: number
  readonly step: Step | undefined
  readonly why: string
}

/** What a testbed can do in addition to traffic. */
export interface Capabilities {
  /** Whether the agent can be stopped, and another one started on the same map. */
  readonly restartAgent: boolean
  /** Whether the server's packets can be held back. */
  readonly holdReplies: boolean
  /** Whether the run may look at the client's node. */
  readonly readNode: boolean
  /** Whether the run may hold the agent on the client's node, and change entries and timeouts there. */
  readonly changeNode: boolean
}

/** The capabilities of the lab. */
export const allCapabilities: Capabilities = { restartAgent: true, holdReplies: true, readNode: true, changeNode: true }

/** Returns why this step is not possible with these capabilities; undefined if it is. */
function lacking(step: Step, { restartAgent, readNode, changeNode }: Capabilities): string | undefined {
  if (step === 'restart' && !restartAgent)
    return 'the agent of a cluster cannot be restarted by a schedule: use the lab'
  if (step === 'reuse:observed' && !readNode)
    return 'the run may not look at the client’s node, so it cannot see the pass begin'
  if (step.startsWith('hold:') && !changeNode)
    return 'only a run that may change the client’s node can hold the agent: set allow_node_changes'
  return undefined
}

interface State {
  /** Whether the flow is in use. If so, it can expire, and it cannot be opened or reused. */
  readonly inUse: boolean
  /** The window in which the agent is held. */
  readonly held: Window | undefined
  readonly opened: boolean
  readonly replied: boolean
}

type Next = State | string

/** Returns the state after the step, or why the step is not possible. */
function after(state: State, step: Step): Next {
  if (state.replied && step !== 'heal') return '"reply" must be the last step; only "heal" may follow it'
  if (!state.opened && step !== 'open') return 'a schedule must begin with "open"'
  if (isHold(step)) return afterHold(state, windowOf(step))
  switch (step) {
    case 'open':
      return state.opened ? 'the wave can be opened only once: use "reuse"' : { ...state, opened: true, inUse: true }
    case 'expire':
      if (state.held && isPerFlow(state.held))
        return `${windowTable[state.held].words.place} the agent is held for one flow: only "reuse" may follow`
      return state.inUse ? { ...state, inUse: false } : 'no flow is in the kernel’s table, so none can expire'
    case 'reuse':
      return state.inUse ? 'the 5-tuple is in use: add "expire" before it' : { ...state, inUse: true }
    case 'reuse:observed':
    case 'reuse:predicted':
      if (state.held) return 'the agent is held: use "reuse", because this step is for an agent that is not held'
      return state.inUse ? 'the 5-tuple is in use: add "expire" before it' : { ...state, inUse: true }
    case 'hydrate':
    case 'compare':
    case 'restart':
      return state.held === undefined ? state : 'the agent is held: add "release" before it'
    case 'release':
      return state.held === undefined ? 'the agent is not held' : { ...state, held: undefined }
    case 'reply':
      if (state.held) return 'the agent is held: add "release" before it'
      return state.inUse
        ? { ...state, replied: true }
        : 'no flow is in use, so there is no reply: add "reuse" before it'
    case 'heal':
      return state.replied ? state : '"heal" must come after "reply"'
  }
}

/** Returns the state after a hold. An agent that is held in a window of the whole pass can go on to a window of one flow. */
function afterHold(state: State, window: Window): Next {
  const goesOn = !state.held || (!isPerFlow(state.held) && isPerFlow(window))
  return goesOn ? { ...state, held: window } : 'the agent is already held: add "release" before it'
}

/** Returns the first step that cannot be enforced, and why; undefined if the schedule can be run. */
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
    : { index: schedule.length, step: undefined, why: '"reply" is missing, and without it the schedule shows nothing' }
}

/** Says which step cannot be enforced, and why. */
export const unenforceableText = ({ index, step, why }: Unenforceable): string =>
  `cannot be enforced: step ${index + 1}${step ? ` (${step})` : ''}: ${why}`
