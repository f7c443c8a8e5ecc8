/** A thread that runs the passes of a reference cleanup one after the other, until the main thread stops it. */
import { workerData } from 'node:worker_threads'
import { z } from 'zod'
import { referenceAgents, referenceAlgorithms } from '../../../helpers/agents/reference.ts'
import { MapGenerations } from '../../../fixtures/agents/map-generations.ts'
import { BpfMap } from '../../../fixtures/kernel/bpf-map.ts'
import { StormFlows } from './storm-flows.ts'
import { StormView } from './storm-view.ts'

const { algorithm, map, generation, memory } = z
  .strictObject({
    algorithm: z.enum(referenceAlgorithms),
    /** The numbers of the maps. */
    map: z.int(),
    generation: z.int().optional(),
    memory: z.instanceof(SharedArrayBuffer),
  })
  .parse(workerData)

const flows = new StormFlows(memory)
const entries = BpfMap.openById(map)
const generations = generation === undefined ? undefined : new MapGenerations(entries, BpfMap.openById(generation))
const cleanup = referenceAgents[algorithm].program(new StormView(entries, flows, generations))
while (flows.get('stop') === 0) {
  cleanup.pass()
  flows.add('passes')
}
