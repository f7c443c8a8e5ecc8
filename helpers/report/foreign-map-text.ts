/** Says that an agent works on a map that another version made, as after an interrupted upgrade. */
import type { CohortSummary } from '../judge/summary.ts'

/** @returns text that follows the map's layout; empty if this version makes such maps itself, or if that is not known */
export const foreignMapText = ({ mapLayout, build }: Partial<Pick<CohortSummary, 'mapLayout' | 'build'>>): string =>
  build?.mapLayout === undefined || build.mapLayout === mapLayout
    ? ''
    : `, which is not this version’s ${build.mapLayout}: it works on the map of another version`
