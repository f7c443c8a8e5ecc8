/** The reference agents: one entry each, from which every list of them is derived. */
import {
  atSecondMiss,
  atThirdMiss,
  guarded,
  keeps,
  onePhase,
  twoPhases,
  wallClock,
  type ModelAlgorithm,
} from '../model/rules.ts'
import type { Stamp } from '../model/state.ts'
import type { CleanupAlgorithm } from './reference/agent-view.ts'
import { alternating } from './reference/alternating.ts'
import { consecutiveMiss } from './reference/consecutive-miss.ts'
import { deletesLate } from './reference/deletes-late.ts'
import { deletesLive } from './reference/deletes-live.ts'
import { immediate } from './reference/immediate.ts'
import { lastSeen } from './reference/last-seen.ts'
import { neverDeletes } from './reference/never-deletes.ts'
import { shortKey } from './reference/short-key.ts'
import { timestampGuard, timestampGuardCorrected } from './reference/timestamp-guard.ts'

interface ReferenceAgent {
  /**
   * `upstream`: released or proposed there; the matrix, the estimate and the specs try all of these. `variant`: ours, of one of these.
   * `self-check`: has a fault on purpose, which the suite must find; promises nothing.
   */
  readonly origin: 'upstream' | 'variant' | 'self-check'
  /** When the datapath that it was made for stamps an entry. */
  readonly stamp: Stamp
  /** The cleanup itself, run on the kernel. */
  readonly program: CleanupAlgorithm
  /** The same as rules of the model, from which its losses and its retention limit are found. */
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

export const referenceAlgorithms = Object.keys(referenceAgents) as readonly ReferenceAlgorithm[]
