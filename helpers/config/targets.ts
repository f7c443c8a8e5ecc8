/** Names where a run takes place: in the lab on this machine, in a cluster that is created for the run, or in the cluster of a kubeconfig. */

/** Programs that create clusters. Each has its own object in `fixtures/targets/providers/`. */
export const providerNames = ['kind', 'k3d'] as const
export type ProviderName = (typeof providerNames)[number]

export const targetNames = ['lab', ...providerNames, 'kubeconfig'] as const
export type TargetName = (typeof targetNames)[number]

/** Whether a provider creates the cluster of a run with this target. */
export const isProvider = (target: string): target is ProviderName => providerNames.some((name) => name === target)
