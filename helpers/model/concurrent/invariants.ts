/** States why `two-generations` loses no flow: what is true in each world that can be reached. The exploration checks this. */
import { isInMap, type Packet, type World } from './world.ts'

export type Invariants = Readonly<Record<string, (world: World) => boolean>>

const deletes = ({ agent }: World): boolean => agent.at === 'deletes from the previous map'

/** Whether the packet has read which map is the current one, and the maps were swapped since then. */
const isFromBeforeSwap = (packet: Packet | undefined, { current }: World): boolean =>
  packet !== undefined && packet.hasRead && packet.current !== current

export const twoGenerationsInvariants: Invariants = {
  'a live flow that the server may answer is in a map': (world) => !world.established || isInMap(world),
  'at the dump, no packet is on its way that began before the swap': (world) =>
    world.agent.at !== 'dumps conntrack' ||
    ![world.forward, world.second, world.reply].some((packet) => isFromBeforeSwap(packet, world)),
  'at the delete, a live flow that the server may answer is in the current map': (world) =>
    !deletes(world) || !world.established || world.maps[world.current] !== undefined,
  'at the delete, no reply of a live flow is about to look in the previous map': (world) =>
    !deletes(world) || !world.reply || world.reply.late || world.reply.at !== 'looks in the previous map',
}
