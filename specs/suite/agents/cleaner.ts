/**
 * A command agent: it cleans the pinned map on its own timer, with the race, and ends on SIGTERM. `examples/my-agent.py` is an agent that uses no
 * code of the suite.
 */
import { alternating } from '../../../helpers/agents/reference/alternating.ts'
import { KernelView } from '../../../fixtures/agents/kernel-view.ts'
import { BpfMap } from '../../../fixtures/kernel/bpf-map.ts'
import { Conntrack } from '../../../fixtures/kernel/conntrack.ts'

const { RACE_MAP_PIN = '', RACE_MAP_KEY_BYTES, RACE_MAP_VALUE_BYTES, RACE_CLEANUP_PERIOD } = process.env
const map = BpfMap.openPinned(RACE_MAP_PIN)
if (map.info.keyBytes !== Number(RACE_MAP_KEY_BYTES) || map.info.valueBytes !== Number(RACE_MAP_VALUE_BYTES)) {
  throw new Error(
    `bug: RACE_MAP_KEY_BYTES/RACE_MAP_VALUE_BYTES are ${RACE_MAP_KEY_BYTES}/${RACE_MAP_VALUE_BYTES}, but the map has ${map.info.keyBytes}/${map.info.valueBytes}`,
  )
}
const cleanup = alternating(new KernelView(map, new Conntrack(), RACE_MAP_KEY_BYTES === '24' ? 4 : 6))
setInterval(() => cleanup.pass(), (Number(RACE_CLEANUP_PERIOD) / 2) * 1000)
