/** Specs of this folder run on the cluster that KUBECONFIG names if RACE_TARGET is not `lab`. Otherwise they are skipped, and say why. */
import { inject } from 'vitest'
import '../../fixtures/run/run-context.ts'
import { ClusterApi } from '../../fixtures/targets/cluster/api.ts'

/** RACE_TARGET is the consent to use the cluster. A kubeconfig alone is not enough, because it may be that of any cluster. */
export const onCluster = inject('race').config.target !== 'lab'

/** @returns a client of that cluster's API */
export const clusterOfRun = (): ClusterApi => ClusterApi.load(inject('race').kubeconfig)

/** The end of a title: why the specs are skipped. Empty if they run. */
export const whySkipped = onCluster
  ? ''
  : ' (skipped: needs a cluster; set RACE_TARGET=kubeconfig to use the one that KUBECONFIG names)'
