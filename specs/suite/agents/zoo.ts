/**
 * Command agents that clean in unusual ways, one for each word that this program is given. They know nothing of the suite but the contract of
 * command agents.
 *
 * - `sleepy` sleeps for 400 ms between its dump and its deletes.
 * - `sleeps-more` sleeps for 100 ms before the deletes of each pass, and for 100 ms more in each pass, up to 600 ms.
 * - `never-dumps` walks its map, and never dumps conntrack.
 * - `look-twice` looks twice at the stamp of an entry before it deletes the entry.
 */
import type { AgentView, CleanupLoop } from '../../../helpers/agents/reference/agent-view.ts'
import { alternating } from '../../../helpers/agents/reference/alternating.ts'
import { lastSeen } from '../../../helpers/agents/reference/last-seen.ts'
import { KernelView } from '../../../fixtures/agents/kernel-view.ts'
import { BpfMap } from '../../../fixtures/kernel/bpf-map.ts'
import { Conntrack } from '../../../fixtures/kernel/conntrack.ts'

const { RACE_MAP_PIN = '', RACE_MAP_KEY_BYTES, RACE_CLEANUP_PERIOD } = process.env
const kernel = new KernelView(BpfMap.openPinned(RACE_MAP_PIN), new Conntrack(), RACE_MAP_KEY_BYTES === '24' ? 4 : 6)

/** The kernel's view with some of its calls replaced. */
const viewWith = (calls: Partial<AgentView>): AgentView => ({
  walk: () => kernel.walk(),
  dump: () => kernel.dump(),
  destroyed: () => kernel.destroyed(),
  read: (key) => kernel.read(key),
  delete: (key) => kernel.delete(key),
  mark: (key) => kernel.mark(key),
  deleteUnseen: (key, since) => kernel.deleteUnseen(key, since),
  monotonic: () => kernel.monotonic(),
  wallClock: () => kernel.wallClock(),
  ...calls,
})

const never = new Int32Array(new SharedArrayBuffer(4))
/** Blocks, as a sleep(3) in an agent does. */
const sleep = (milliseconds: number): void => void Atomics.wait(never, 0, 0, milliseconds)

/** v1.1.2's algorithm, with a sleep after each dump. */
const sleeping = (milliseconds: () => number): CleanupLoop =>
  alternating(
    viewWith({
      dump() {
        const inKernel = kernel.dump()
        sleep(milliseconds())
        return inKernel
      },
    }),
  )

const agents: Readonly<Record<string, () => CleanupLoop>> = {
  sleepy: () => sleeping(() => 400),
  'sleeps-more': () => {
    let next = 0
    return sleeping(() => (next = Math.min(600, next + 100)))
  },
  'never-dumps': () => ({ pass: () => ({ pass: 'hydrate', tracked: kernel.walk().length, deleted: 0, kept: 0 }) }),
  'look-twice': () =>
    lastSeen(
      viewWith({
        read(key) {
          kernel.read(key)
          return kernel.read(key)
        },
      }),
    ),
}

const [name = ''] = process.argv.slice(2)
const agent = agents[name]?.()
if (!agent) throw new Error(`there is no agent "${name}"; there are ${Object.keys(agents).join(', ')}`)
setInterval(() => agent.pass(), (Number(RACE_CLEANUP_PERIOD) / 2) * 1000)
