/** Specs of a provider's target are run if its cluster could be made on this machine; else they are skipped, and say why. */
import type { ProviderName } from '../../helpers/config/targets.ts'
import { providers } from '../../fixtures/targets/providers/providers.ts'

/** @returns the end of a title; empty if the specs are run */
export async function whyNotOn(name: ProviderName): Promise<string> {
  const problems = await providers[name].problems({ ip: 4 })
  return problems.length === 0 ? '' : ` (skipped: ${problems.join('; ')})`
}
