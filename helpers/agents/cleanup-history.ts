/**
 * What the cleanup of each released agent does to a flow that is reused during a pass. The versions were tried in the lab
 * (fixtures/agents/npa/README.md), except v1.4.2, whose cleanup is that of v1.4.1. The versions of the VPC CNI are those in the tags of
 * amazon-vpc-cni-k8s (`charts/aws-vpc-cni/values.yaml`).
 */
import { markdownTable } from '../text.ts'
import { isBefore, versionText, type AgentVersion } from './version.ts'

interface Cleanup {
  /** The first and the last release with this cleanup. */
  readonly from: AgentVersion
  /** Undefined if it is the newest. */
  readonly until?: AgentVersion
  readonly vpcCni: string
  /** Completes "a flow that is reused after the snapshot …". */
  readonly afterSnapshot: string
  /** The same after the re-read of an entry. */
  readonly afterReread: string
}

const noReread = 'there is no re-read'

const cleanups: readonly Cleanup[] = [
  {
    from: [1, 0, 1],
    until: [1, 0, 4],
    vpcCni: 'v1.14.0 to v1.15.1',
    afterSnapshot: 'is lost',
    afterReread: noReread,
  },
  {
    from: [1, 0, 5],
    until: [1, 0, 5],
    vpcCni: 'v1.15.3',
    afterSnapshot: 'survives over IPv4, because the agent deletes nothing there: stale entries stay; is lost over IPv6',
    afterReread: noReread,
  },
  {
    from: [1, 0, 6],
    until: [1, 0, 6],
    vpcCni: 'v1.15.4',
    afterSnapshot: 'is lost, and over IPv4 so is every other flow: each pass deletes the entries of live flows, too',
    afterReread: noReread,
  },
  {
    from: [1, 0, 7],
    until: [1, 4, 2],
    vpcCni: 'v1.15.5 to v1.23.2',
    afterSnapshot: 'is lost',
    afterReread: noReread,
  },
  { from: [1, 4, 3], vpcCni: 'none yet', afterSnapshot: 'survives', afterReread: 'is lost' },
]

/** The releases that an agent may be; an end that is not known is left out. */
export interface VersionRange {
  readonly from?: AgentVersion
  readonly until?: AgentVersion
}

/** Returns the cleanups that an agent in this range may have, oldest first, each with the part of the range that has it. */
export function cleanupsOf(range: VersionRange): (Cleanup & { readonly part: VersionRange })[] {
  return cleanups
    .filter(
      ({ from, until }) =>
        !(range.until && isBefore(range.until, from)) && !(range.from && until && isBefore(until, range.from)),
    )
    .map((cleanup) => ({ ...cleanup, part: intersection(range, cleanup) }))
}

/** Returns the releases that are in both ranges. If there is none, `from` is after `until`. */
export function intersection(one: VersionRange, other: VersionRange): VersionRange {
  const from =
    one.from && other.from ? (isBefore(one.from, other.from) ? other.from : one.from) : (one.from ?? other.from)
  const until =
    one.until && other.until ? (isBefore(one.until, other.until) ? one.until : other.until) : (one.until ?? other.until)
  return { ...(from && { from }), ...(until && { until }) }
}

export const isEmpty = ({ from, until }: VersionRange): boolean =>
  from !== undefined && until !== undefined && isBefore(until, from)

/** `v1.3.7 to v1.4.2`, `v1.4.1`, `v1.2.2 or later`, `v1.2.1 or earlier`, `unknown` */
export function rangeText({ from, until }: VersionRange): string {
  if (from && until)
    return versionText(from) === versionText(until)
      ? versionText(from)
      : `${versionText(from)} to ${versionText(until)}`
  if (from) return `${versionText(from)} or later`
  return until ? `${versionText(until)} or earlier` : 'unknown'
}

/** The table "Am I affected?" of `fixtures/targets/cluster/README.md`. */
export const affectedTable = (): string =>
  markdownTable(
    ['VPC CNI', 'agent', 'a flow that is reused after the snapshot', 'after the re-read'],
    cleanups.map(({ vpcCni, afterSnapshot, afterReread, ...range }) => [
      vpcCni,
      range.until ? rangeText(range) : versionText(range.from),
      afterSnapshot,
      afterReread,
    ]),
  )
