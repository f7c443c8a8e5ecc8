/**
 * Runs the cleanup on one processor and the datapath on another one, as fast as they can, until enough flows were reused in the window between the
 * dump and the delete. Nothing is held.
 *
 * A table stands in for conntrack. A flow is in it before its first packet reaches the datapath, as for a pod that receives, or afterwards and in
 * the same RCU read section, as for a pod that sends.
 */
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { ReferenceAlgorithm } from '../../../helpers/agents/reference.ts'
import type { Hook } from '../../../helpers/model/concurrent/datapath.ts'
import { referenceAgent } from '../../../helpers/agents/reference.ts'
import { StormDatapath } from './storm-datapath.ts'
import { flowCount, openTable, type StormConntrack } from './storm-conntrack.ts'
import { StormCounters } from './storm-counters.ts'

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
  /** Where the datapath stands. */
  readonly hook: Hook
  /** Whether `two-generations` waits for the packets that are in the datapath; without that, it must lose flows. */
  readonly waits?: boolean
  /** The storm ends when it has as many exposures, or has lost as many flows. */
  readonly exposures: number
  readonly losses: number
  /** In milliseconds; the storm ends then in any case. */
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

/** Uses of flows from one look at the clock and at the signal to the next. */
const uses = 5_000

export async function storm(order: StormOrder): Promise<StormResult> {
  const { algorithm, hook, waits = true, exposures, losses, deadlineMs, signal } = order
  using datapath = new StormDatapath(algorithm, hook)
  const table = datapath.newTable()
  const conntrack = openTable(table)
  const counters = new StormCounters()
  const generation = referenceAgent(algorithm).hasGenerations && datapath.map('generation').info.id
  const cleaner = new Worker(new URL('storm-cleaner.ts', import.meta.url), {
    workerData: {
      algorithm,
      map: datapath.map('conntrack').info.id,
      ...(generation !== undefined && { generation }),
      waits,
      table,
      memory: counters.memory,
    },
  })
  const ended = once(cleaner, 'exit')
  let failure: unknown
  cleaner.once('error', (error) => (failure = error))
  const random = xoroshiro128plus(1)
  const lost = { count: 0, reuses: 0 }
  const end = Date.now() + deadlineMs
  try {
    while (counters.get('exposures') < exposures && lost.count < losses && Date.now() < end && !signal.aborted) {
      if (failure) throw failure
      for (let use = 0; use < uses; use++) useOrLeave(datapath, conntrack, (random.next() >>> 0) % flowCount, lost)
      await turn()
    }
  } finally {
    counters.add('stop')
    await ended
  }
  if (failure) throw failure
  return {
    reuses: lost.reuses,
    exposures: counters.get('exposures'),
    lost: lost.count,
    passes: counters.get('passes'),
    deletes: counters.get('deletes'),
  }
}

/** A dead flow is reused, and a live one gets a reply and is left. */
function useOrLeave(
  datapath: StormDatapath,
  conntrack: StormConntrack,
  flow: number,
  counts: { count: number; reuses: number },
): void {
  if (!conntrack.isOpen(flow)) {
    counts.reuses++
    if (!conntrack.open(flow, (opened) => datapath.forward(opened)))
      throw new Error('bug: the datapath denied a packet that the policy allows')
    // Half of the flows get their first reply now, and the others after a pass or more.
    if (counts.reuses % 2 === 0 || datapath.reply(flow)) return
  } else if (datapath.reply(flow)) {
    conntrack.forget(flow)
    return
  }
  counts.count++
  conntrack.forget(flow)
}
