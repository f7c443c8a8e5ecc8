/** Names the pods of a node by their addresses, from the file in which the VPC CNI keeps its allocations. */
import { z } from 'zod'

export const podSchema = z.strictObject({ namespace: z.string(), name: z.string() })
export type Pod = z.infer<typeof podSchema>

/** The CNI's `CheckpointData` (amazon-vpc-cni-k8s, pkg/ipamd/datastore). It has written this file since 1.7, and the names since 1.8. */
const allocationsSchema = z.object({
  allocations: z.array(
    z.object({
      ipv4: z.string().optional(),
      ipv6: z.string().optional(),
      metadata: z.object({ k8sPodNamespace: z.string().optional(), k8sPodName: z.string().optional() }).optional(),
    }),
  ),
})

/** @param text the content of the file @returns the pods by address; undefined if the file has another form */
export function podsByAddress(text: string): ReadonlyMap<string, Pod> | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  const read = allocationsSchema.safeParse(json)
  if (!read.success) return undefined
  const pods = new Map<string, Pod>()
  for (const { ipv4, ipv6, metadata } of read.data.allocations) {
    const { k8sPodNamespace: namespace, k8sPodName: name } = metadata ?? {}
    if (namespace === undefined || name === undefined) continue
    for (const address of [ipv4, ipv6]) if (address) pods.set(address, { namespace, name })
  }
  return pods
}

/** More pods than a node has at a time. Pods that come after these are counted together, so that the number of time series is bounded. */
const mostPods = 500

const others: Pod = { namespace: '', name: 'other pods' }

/** Counts by pod. */
export class PodCounts {
  readonly #counts = new Map<string, { readonly pod: Pod; count: number }>()

  add(pod: Pod): void {
    const key = (of: Pod): string => `${of.namespace}/${of.name}`
    const counted = this.#counts.size < mostPods || this.#counts.has(key(pod)) ? pod : others
    const found = this.#counts.get(key(counted))
    if (found) found.count++
    else this.#counts.set(key(counted), { pod: counted, count: 1 })
  }

  get all(): readonly { readonly pod: Pod; readonly count: number }[] {
    return [...this.#counts.values()]
  }
}
