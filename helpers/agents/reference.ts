/** Lists the reference agents, one entry each. All other lists of reference agents are derived from this one. */
import {
  atSecondMiss,
  atSecondLook,
  atThirdMiss,
  guarded,
  guardedInProgram,
  keeps,
  onePhase,
  twoPhases,
  wallClock,
  type ModelAlgorithm,
} from '../model/rules.ts'
import type { Stamp } from '../model/state.ts'
import type { CleanupAlgorithm } from './reference/agent-view.ts'
import { alternating } from './reference/alternating.ts'
import { compareAndDelete } from './reference/compare-and-delete.ts'
import { consecutiveMiss } from './reference/consecutive-miss.ts'
import { ctLookup } from './reference/ct-lookup.ts'
import { destroyEvents } from './reference/destroy-events.ts'
import { deletesLate } from './reference/deletes-late.ts'
import { deletesLive } from './reference/deletes-live.ts'
import { immediate } from './reference/immediate.ts'
import { lastSeen } from './reference/last-seen.ts'
import { neverDeletes } from './reference/never-deletes.ts'
import { shortKey } from './reference/short-key.ts'
import { tombstone } from './reference/tombstone.ts'
import { twoGenerations, twoGenerationsUncopied } from './reference/two-generations.ts'
import { timestampGuard, timestampGuardCorrected } from './reference/timestamp-guard.ts'

interface ReferenceAgent {
  /**
   * `upstream`: released or proposed upstream; the matrix, the estimate and the specs use all of these. `variant`: our variant of one of these.
   * `candidate`: our proposal for a cleanup that loses nothing; the matrix and the specs use it too.
   * `self-check`: has a deliberate fault that the suite must find. The model's retention limit does not apply to it.
   */
  readonly origin: 'upstream' | 'variant' | 'candidate' | 'self-check'
  /** When the datapath of this agent stamps a map entry. */
  readonly stamp: Stamp
  /** Whether its datapath asks the kernel's conntrack before it drops a reply. */
  readonly asksConntrack?: true
  /** Whether its map has entries of two generations. */
  readonly hasGenerations?: true
  /** The cleanup, as a program that runs on the kernel. */
  readonly program: CleanupAlgorithm
  /** The same cleanup as rules of the model, which finds its losses and its retention limit from them. */
  readonly rules: ModelAlgorithm
}

export const referenceAgents = {
  immediate: { origin: 'upstream', stamp: 'none', program: immediate, rules: onePhase },
  alternating: { origin: 'upstream', stamp: 'none', program: alternating, rules: twoPhases },
  'consecutive-miss': { origin: 'upstream', stamp: 'none', program: consecutiveMiss, rules: atSecondMiss },
  'timestamp-guard': {
    origin: 'upstream',
    stamp: 'added-at',
    program: timestampGuard,
    rules: { ...guarded, clock: wallClock },
  },
  'timestamp-guard-corrected': {
    origin: 'variant',
    stamp: 'added-at',
    program: timestampGuardCorrected,
    rules: guarded,
  },
  'last-seen': { origin: 'upstream', stamp: 'last-seen', program: lastSeen, rules: guarded },
  tombstone: { origin: 'candidate', stamp: 'last-seen', program: tombstone, rules: atSecondLook },
  'ct-lookup': { origin: 'candidate', stamp: 'none', asksConntrack: true, program: ctLookup, rules: twoPhases },
  'two-generations': {
    origin: 'candidate',
    stamp: 'none',
    hasGenerations: true,
    program: twoGenerations,
    rules: { ...onePhase, generations: 'copied' },
  },
  // A live flow that sends nothing for two passes is lost.
  'two-generations-uncopied': {
    origin: 'self-check',
    stamp: 'none',
    hasGenerations: true,
    program: twoGenerationsUncopied,
    rules: { ...onePhase, generations: 'not copied' },
  },
  'compare-and-delete': {
    origin: 'candidate',
    stamp: 'last-seen',
    program: compareAndDelete,
    rules: guardedInProgram,
  },
  'destroy-events': {
    origin: 'candidate',
    stamp: 'last-seen',
    program: destroyEvents,
    rules: { ...guarded, phases: 'one' },
  },
  'never-deletes': {
    origin: 'self-check',
    stamp: 'none',
    program: neverDeletes,
    rules: { ...twoPhases, decide: keeps },
  },
  'deletes-live': {
    origin: 'self-check',
    stamp: 'none',
    program: deletesLive,
    rules: { ...twoPhases, considers: 'all' },
  },
  'deletes-late': {
    origin: 'self-check',
    stamp: 'none',
    program: deletesLate,
    rules: { ...twoPhases, decide: atThirdMiss },
  },
  // Its deletes find no entry.
  'short-key': { origin: 'self-check', stamp: 'none', program: shortKey, rules: { ...twoPhases, decide: keeps } },
} as const satisfies Record<string, ReferenceAgent>

export type ReferenceAlgorithm = keyof typeof referenceAgents

/** Returns an entry of the list with all fields that an entry may have. */
export const referenceAgent = (algorithm: ReferenceAlgorithm): ReferenceAgent => referenceAgents[algorithm]

export const referenceAlgorithms = Object.keys(referenceAgents) as readonly ReferenceAlgorithm[]
