/** Plays any cleanup in the small world. The algorithm decides the order of dumps, looks and deletes, and the rule for deleting. */
import type { Window } from '../../windows.ts'
import type { World } from './world.ts'

export interface Algorithm {
  /** Number of dumps of the kernel's table before it looks at entries. */
  readonly dumps: 1 | 2
  /** Whether it dumps again before it decides about an entry. */
  readonly dumpsAgain: boolean
  /** Number of looks at each entry after the dump. */
  readonly looks: 0 | 1 | 2
  /** Which entries it looks at and deletes. */
  readonly considers: 'missing in the first dump' | 'missing in the last dump' | 'all'
  /** Whether it keeps an entry if its last look shows a packet since the pass began. */
  readonly isGuarded: boolean
  /** `refused`: it tries to delete the entry, and the kernel refuses. */
  readonly deletes: 'never' | 'always' | 'refused'
}

/** A point of a pass at which the agent may be held, and other things may happen. */
export interface Point {
  readonly window: Window | 'dump began'
  readonly flow?: number
}

/** Runs a compare pass and stops at each point. @param armed returns the window in which the agent is stopped */
export function* comparePass(
  world: World,
  { dumps, dumpsAgain, looks, considers, isGuarded, deletes }: Algorithm,
  copied: readonly number[],
  armed: () => Window | undefined,
): Generator<Point, void> {
  const began = world.now()
  const dumped: ReadonlySet<number>[] = []
  function* dump(): Generator<Point, void> {
    world.happens({ type: 'agent.dump-began' })
    yield { window: 'dump began' }
    dumped.push(new Set(world.kernel))
    world.happens({ type: 'agent.snapshot', stopped: armed() === 'after-snapshot' })
    yield { window: 'after-snapshot' }
  }
  const isMissing = (flow: number): boolean =>
    considers === 'all' || dumped.at(considers === 'missing in the last dump' ? -1 : 0)?.has(flow) === false
  for (let count = 0; count < dumps; count++) yield* dump()
  for (const flow of copied) {
    if (!isMissing(flow)) continue
    let stamp: number | undefined = 0
    for (let look = 0; look < looks; look++) {
      stamp = world.map.get(flow)
      const result = stamp === undefined ? -2 : 0
      world.happens({ type: 'agent.reread', flow, result, stopped: armed() === 'after-reread' })
      yield { window: 'after-reread', flow }
    }
    if (dumpsAgain) yield* dump()
    const isFresh = isGuarded && (stamp === undefined || stamp >= began)
    if (deletes === 'never' || isFresh || !isMissing(flow)) continue
    yield { window: 'before-delete', flow }
    if (deletes === 'always') world.deletes(flow)
    else world.happens({ type: 'agent.deleted', flow, result: -16 })
  }
}
