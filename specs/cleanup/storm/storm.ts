/**
 * Runs the cleanup on one processor and the datapath on another one, as fast as they can, until enough flows were reused in the window between the
 * dump and the delete. Nothing is held.
 *
 * The flows' states take the place of conntrack: a flow is in it before its first packet reaches the datapath, as for a pod that receives.
 */
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { ReferenceAlgorithm } from '../../../helpers/agents/reference.ts'
import { referenceAgent } from '../../../helpers/agents/reference.ts'
import { StormDatapath } from './storm-datapath.ts'
import { flowCount, flowStates, StormFlows } from './storm-flows.ts'

export interface StormResult {
  /** Number of uses of a flow. */
  readonly reuses: number
  /** Number of deletes of a key whose flow was dead in the dump, and was reused before the delete. */
  readonly exposures: number
  /** Number of uses in which a reply was denied. */
  readonly lost: number
  readonly passes: number
  readonly deletes: number
}

export interface StormOrder {
  readonly algorithm: ReferenceAlgorithm
  /** The storm ends when it has as many exposures, or has lost as many flows. */
  readonly exposures: number
  readonly losses: number
  /** In milliseconds; the storm ends then in any case. */
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

/** Uses of flows from one look at the clock and at the signal to the next. */
const uses = 5_000

export async function storm({ algorithm, exposures, losses, deadlineMs, signal }: StormOrder): Promise<StormResult> {
  using datapath = new StormDatapath(algorithm)
  const flows = new StormFlows()
  const generation = referenceAgent(algorithm).hasGenerations && datapath.map('generation').info.id
  const cleaner = new Worker(new URL('storm-cleaner.ts', import.meta.url), {
    workerData: {
      algorithm,
      map: datapath.map('conntrack').info.id,
      ...(generation !== undefined && { generation }),
      memory: flows.memory,
    },
  })
  const ended = once(cleaner, 'exit')
  let failure: unknown
  cleaner.once('error', (error) => (failure = error))
  const random = xoroshiro128plus(1)
  const lost = { count: 0, reuses: 0 }
  const end = Date.now() + deadlineMs
  try {
    while (flows.get('exposures') < exposures && lost.count < losses && Date.now() < end && !signal.aborted) {
      if (failure) throw failure
      for (let use = 0; use < uses; use++) useOrLeave(datapath, flows, (random.next() >>> 0) % flowCount, lost)
      await turn()
    }
  } finally {
    flows.add('stop')
    await ended
  }
  if (failure) throw failure
  return {
    reuses: lost.reuses,
    exposures: flows.get('exposures'),
    lost: lost.count,
    passes: flows.get('passes'),
    deletes: flows.get('deletes'),
  }
}

/** A dead flow is reused and gets a reply. A live one gets another reply, and is left. */
function useOrLeave(
  datapath: StormDatapath,
  flows: StormFlows,
  flow: number,
  counts: { count: number; reuses: number },
): void {
  if (flows.state(flow) === flowStates.dead) {
    counts.reuses++
    flows.set(flow, 'opening')
    if (!datapath.forward(flow)) throw new Error('bug: the datapath denied a packet that the policy allows')
    flows.set(flow, 'open')
    if (datapath.reply(flow)) return
  } else if (datapath.reply(flow)) {
    flows.set(flow, 'dead')
    return
  }
  counts.count++
  flows.set(flow, 'dead')
}
