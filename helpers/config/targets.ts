/** Where a run is made: the lab of this machine, a cluster that is made for the run, or the cluster of a kubeconfig. */

/** Programs that make clusters. Each has an object of its own in `fixtures/targets/providers/`. */
export const providerNames = ['kind', 'k3d'] as const
export type ProviderName = (typeof providerNames)[number]

export const targetNames = ['lab', ...providerNames, 'kubeconfig'] as const
export type TargetName = (typeof targetNames)[number]

/** Whether the cluster of such a run is made by a provider. */
export const isProvider = (target: string): target is ProviderName => providerNames.some((name) => name === target)
