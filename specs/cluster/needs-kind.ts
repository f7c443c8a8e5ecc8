/** Specs of target kind are run if a run on kind could begin on this machine; else they are skipped, and say why. */
import { providers } from '../../fixtures/targets/providers/providers.ts'

const problems = await providers.kind.problems({ ip: 4 })

/** The end of a title; empty if they are run. */
export const whyNoKind = problems.length === 0 ? '' : ` (skipped: ${problems.join('; ')})`
