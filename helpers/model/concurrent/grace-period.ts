/** Defines how the agent waits until every packet has ended that is on its way now: in the kernel, an RCU grace period. */
import type { AgentStep } from './cleanups.ts'
import type { Packet, World } from './world.ts'

const awaited = (packet: Packet | undefined): Packet | undefined => packet && { ...packet, awaited: true }

/** Begins to wait for the packets that are on their way. */
export const startWaiting =
  (to: string): AgentStep =>
  (world) => ({
    world: { ...world, forward: awaited(world.forward), second: awaited(world.second), reply: awaited(world.reply) },
    to,
  })

const hasEnded = ({ forward, second, reply }: World): boolean =>
  !forward?.awaited && !second?.awaited && !reply?.awaited

/** Continues when these packets have ended. Packets that came later do not matter. */
export const wait =
  (to: string): AgentStep =>
  (world) =>
    hasEnded(world) ? { to } : undefined
