/** Specs of this folder run on the cluster that KUBECONFIG names, where RACE_TARGET says so; else they are skipped, and say why. */
import { inject } from 'vitest'
import '../../fixtures/run/run-context.ts'
import { ClusterApi } from '../../fixtures/targets/cluster/api.ts'

/** Consent by name: a kubeconfig alone may be anybody's. */
export const onCluster = inject('race').config.target !== 'lab'

/** The API of that cluster. */
export const clusterOfRun = (): ClusterApi => ClusterApi.load(inject('race').kubeconfig)

/** The end of a title. */
export const whySkipped = onCluster
  ? ''
  : ' (skipped: needs a cluster; RACE_TARGET=kubeconfig takes the one that KUBECONFIG names)'
