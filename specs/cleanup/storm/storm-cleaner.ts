/** A thread that runs the passes of a reference cleanup one after the other, until the main thread stops it. */
import { workerData } from 'node:worker_threads'
import { z } from 'zod'
import { referenceAgents, referenceAlgorithms } from '../../../helpers/agents/reference.ts'
import { MapGenerations } from '../../../fixtures/agents/map-generations.ts'
import { BpfMap } from '../../../fixtures/kernel/bpf-map.ts'
import { openTable, type StormTable } from './storm-conntrack.ts'
import { StormCounters } from './storm-counters.ts'
import { StormView } from './storm-view.ts'

const { algorithm, map, generation, waits, table, memory } = z
  .strictObject({
    algorithm: z.enum(referenceAlgorithms),
    /** The numbers of the maps. */
    map: z.int(),
    generation: z.int().optional(),
    /** Whether the cleanup waits for packets where it asks for it. */
    waits: z.boolean(),
    table: z.custom<StormTable>(),
    /** The counters. */
    memory: z.instanceof(SharedArrayBuffer),
  })
  .parse(workerData)

/** The guard that is taken out to see what it is good for. */
class WithoutWaits extends MapGenerations {
  override waitForPackets(): void {}
}

const counters = new StormCounters(memory)
const entries = BpfMap.openById(map)
const Kind = waits ? MapGenerations : WithoutWaits
const generations = generation === undefined ? undefined : new Kind(entries, BpfMap.openById(generation))
const cleanup = referenceAgents[algorithm].program(new StormView(entries, openTable(table), counters, generations))
while (counters.get('stop') === 0) {
  cleanup.pass()
  counters.add('passes')
}
