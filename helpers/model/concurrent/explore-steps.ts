/** Tries every order of the atomic steps, to find whether a cleanup ever loses a live flow and how long it keeps a dead one. */
import type { ConcurrentCleanup } from './cleanups.ts'
import { agentStep, happenings, type Setting } from './steps.ts'
import { emptyWorld, isInMap, normalized, type World } from './world.ts'

export interface ConcurrentExploration {
  /** Number of different worlds. If `loss` is undefined, these are all that can be reached. */
  readonly worlds: number
  /** The steps of a shortest way to a denied reply of a live flow; undefined if there is none. */
  readonly loss: readonly string[] | undefined
  /** Number of whole passes that a dead entry survives at most. */
  readonly retention: number | 'for ever'
  /** The first invariant that does not hold in a world that can be reached. */
  readonly broken: string | undefined
}

/** What must be true in every world: the argument why a cleanup is safe. */
export type Invariants = Readonly<Record<string, (world: World) => boolean>>

interface Reached {
  readonly world: World
  readonly text: string
  readonly from: Reached | undefined
}

export function exploreSteps(setting: Setting, invariants: Invariants = {}): ConcurrentExploration {
  const seen = new Set<string>()
  const ahead: Reached[] = [{ world: normalized(emptyWorld(setting.cleanup.first)), text: '', from: undefined }]
  let loss: readonly string[] | undefined
  let broken: string | undefined
  for (const reached of ahead) {
    broken ??= Object.entries(invariants).find(([, holds]) => !holds(reached.world))?.[0]
    for (const { text, world, isLoss } of happenings(setting, reached.world)) {
      const next = { world: normalized(world), text, from: reached }
      if (isLoss) loss ??= textsTo(next)
      const key = JSON.stringify(next.world)
      if (seen.has(key)) continue
      seen.add(key)
      ahead.push(next)
    }
  }
  const kept = ahead.map(({ world }) => retentionFrom(setting, world))
  const retention = kept.includes('for ever') ? 'for ever' : Math.max(...kept.map(Number))
  return { worlds: seen.size, loss, retention, broken }
}

const textsTo = ({ text, from }: Reached): string[] => (from ? [...textsTo(from), text] : [])

/** Counts the passes until the agent has deleted a dead entry, if only the agent's steps happen. Starts between two passes. */
function retentionFrom({ cleanup }: Setting, dead: World): number | 'for ever' {
  if (dead.kernel || dead.forward || dead.reply || dead.agent.at !== cleanup.first) return 0
  const seen = new Set<string>()
  let world = dead
  let passes = 0
  for (; isInMap(world); passes++) {
    const key = JSON.stringify(normalized(world))
    if (seen.has(key)) return 'for ever'
    seen.add(key)
    const after = afterPass(cleanup, world)
    if (!after) return 'for ever'
    world = after
  }
  return passes
}

/** Returns the world after the agent's next pass; undefined if the agent waits for something that does not happen. */
function afterPass(cleanup: ConcurrentCleanup, before: World): World | undefined {
  for (let world = before; ;) {
    const next = agentStep(cleanup, { ...world, now: world.now + 1 })
    if (!next || next.endsPass) return next?.world
    world = next.world
  }
}
