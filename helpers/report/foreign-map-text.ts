/** Says that an agent works on a map that another version made, as after an interrupted upgrade. */
import type { CohortSummary } from '../judge/summary.ts'

/** @returns text that follows the map's layout; empty if this version makes such maps itself, or if that is not known */
export function foreignMapText({
  mapLayout,
  build,
  ownMapLayout = build?.mapLayout,
}: Partial<Pick<CohortSummary, 'mapLayout' | 'ownMapLayout' | 'build'>>): string {
  return ownMapLayout === undefined || ownMapLayout === mapLayout
    ? ''
    : `, which is not this version’s ${ownMapLayout}: it works on the map of another version`
}
