/** Specs of a provider's target run if this machine can create a cluster of that provider. Otherwise they are skipped, and say why. */
import type { ProviderName } from '../../helpers/config/targets.ts'
import { providers } from '../../fixtures/targets/providers/providers.ts'

/** @returns the end of a title: why the specs are skipped; empty if they run */
export async function whyNotOn(name: ProviderName): Promise<string> {
  const problems = await providers[name].problems({ ip: 4 })
  return problems.length === 0 ? '' : ` (skipped: ${problems.join('; ')})`
}
