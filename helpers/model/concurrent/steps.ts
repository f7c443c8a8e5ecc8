/** Lists what can happen next in a world of the concurrent model. */
import type { ConcurrentCleanup } from './cleanups.ts'
import { forwardProgram, replyProgram, type Hook, type PacketProgram } from './datapath.ts'
import { isQuiet, newPacket, nothingKnown, withElement, type Packet, type World } from './world.ts'

export interface Happening {
  /** What happens, as a sentence, e.g. `the agent dumps conntrack`. */
  readonly text: string
  readonly world: World
  /** Whether the reply of a live flow is denied. */
  readonly isLoss: boolean
  /** Whether the agent has ended a pass. */
  readonly endsPass: boolean
}

/** What is explored: a cleanup, where the datapath stands, and what the exploration assumes. */
export interface Setting {
  readonly cleanup: ConcurrentCleanup
  readonly hook: Hook
  /** Number of packets of the client that may be on their way at the same time. */
  readonly clientPackets: 1 | 2
  /** Whether the agent may be killed and started again at any time. */
  readonly restarts: boolean
  /** Whether a packet is in one RCU read section until it has passed conntrack. If not, only while it is in the datapath. */
  readonly longReadSection: boolean
}

const happening = (text: string, world: World): Happening => ({ text, world, isLoss: false, endsPass: false })

/** Lists everything that can happen next. Time passes with each step. */
export function happenings(setting: Setting, before: World): Happening[] {
  const world = { ...before, now: before.now + 1 }
  const forward = forwardProgram(setting.cleanup.datapath, setting.hook)
  const reply = replyProgram(setting.cleanup.datapath)
  const agent = agentStep(setting.cleanup, world)
  return [
    ...roles.slice(0, setting.clientPackets).map((role) => {
      const packet = world[role]
      return packet
        ? step(role, forward, setting, world, packet)
        : happening(`the client sends ${sent[role]}`, {
            ...afterIdleTime(setting, world),
            [role]: newPacket(forward.first),
          })
    }),
    ...(world.reply
      ? [step('reply', reply, setting, world, world.reply)]
      : world.established
        ? [happening('the server replies', { ...world, reply: newPacket(reply.first) })]
        : []),
    ...(world.kernel ? [happening('the kernel forgets the flow', forget(setting, world))] : []),
    ...(setting.cleanup.isFull && world.maps[0]
      ? [happening('the kernel evicts the element', withElement(world, 0, undefined))]
      : []),
    ...(agent ? [agent] : []),
    ...(setting.restarts ? [happening('the agent is restarted', restart(setting, world))] : []),
  ]
}

const roles = ['forward', 'second'] as const
const sent = { forward: 'a packet', second: 'another packet' } as const
const names = { forward: 'the packet', second: 'the other packet', reply: 'the reply' } as const

function step(
  role: keyof typeof names,
  program: PacketProgram,
  { longReadSection }: Setting,
  world: World,
  packet: Packet,
): Happening {
  const run = program.steps[packet.at]
  if (!run) throw new RangeError(`bug: ${names[role]} has no step "${packet.at}"`)
  const outcome = run(world, packet)
  const after = outcome.world ?? world
  const isOver = outcome.to === 'end' || outcome.to === 'denied'
  const hasLeft = !longReadSection && outcome.to === 'is confirmed by conntrack'
  const next = { ...packet, ...outcome.packet, at: outcome.to, ...(hasLeft ? { awaited: false } : {}) }
  return {
    text: outcome.to === 'denied' ? `${names[role]} ${packet.at} and is denied` : `${names[role]} ${packet.at}`,
    world: { ...after, [role]: isOver ? undefined : next },
    isLoss: outcome.to === 'denied' && !packet.late,
    endsPass: false,
  }
}

/** A flow that conntrack does not have may have been idle for days before this packet, so a timer may end at any time. A hit removes the mark. */
const afterIdleTime = ({ cleanup }: Setting, world: World): World =>
  cleanup.hasTimers && isQuiet(world) && world.maps[0]
    ? withElement(world, 0, { ...world.maps[0], marked: true })
    : world

/** A reply that is on its way when the kernel forgets its flow may be denied. */
const forget = ({ cleanup }: Setting, world: World): World => ({
  ...world,
  kernel: false,
  established: false,
  reply: world.reply && { ...world.reply, late: true },
  destroyed: cleanup.readsEvents ?? false,
})

/** An agent that starts knows nothing. The kernel sends it no event of a flow that it forgot before. */
const restart = ({ cleanup }: Setting, world: World): World => ({
  ...world,
  destroyed: false,
  agent: { at: cleanup.first, knows: nothingKnown },
})

/** Takes the agent's next step. Returns undefined while the agent has to wait. */
export function agentStep(cleanup: ConcurrentCleanup, world: World): Happening | undefined {
  const { at, knows } = world.agent
  const run = cleanup.steps[at]
  if (!run) throw new RangeError(`bug: the agent has no step "${at}"`)
  const outcome = run(world, knows)
  if (!outcome) return undefined
  const after = outcome.world ?? world
  const endsPass = outcome.to === cleanup.first
  const known = { ...knows, ...outcome.knows }
  // Between passes, the agent only remembers what its next pass uses.
  const kept = endsPass ? { ...nothingKnown, missedBefore: known.missedBefore, ended: known.ended } : known
  return {
    text: `the agent ${at}`,
    world: { ...after, agent: { at: outcome.to, knows: kept } },
    isLoss: false,
    endsPass,
  }
}
