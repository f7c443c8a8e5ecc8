/** What `npa-race explain` says about logs, as data: the shape of `--json`. */
import { cleanupsOf, rangeText, type VersionRange } from '../agents/cleanup-history.ts'
import { tupleText } from '../flow.ts'
import { poissonBounds } from '../statistics/poisson.ts'
import { quantile } from '../statistics/quantile.ts'
import { blindSpots } from './blind-spots.ts'
import type { LogSurvey } from './log-survey.ts'
import type { NodeSurvey, SurveyedFlow } from './node-survey.ts'

interface Counted {
  readonly name: string
  readonly flows: number
}

export interface ExplainedNode {
  readonly name: string
  /** Times in ISO 8601. Null if the log has no line about a pass, an entry or a flow. */
  readonly from: string | null
  readonly until: string | null
  readonly hours: number
  /** The releases that may have written the log, one after the other, and what is known of their cleanup. */
  readonly agents: readonly {
    readonly version: string
    readonly deniedFlows: number
    readonly cleanups: readonly string[]
  }[]
  readonly level: string
  readonly passes: {
    readonly began: number
    readonly compared: number
    readonly intervalSeconds: number | null
    readonly entriesDeleted: number
    readonly entriesKept: number
  }
  readonly denied: number
  readonly accepted: number
  readonly busiestSecond: number
  readonly gaps: readonly { readonly from: string; readonly until: string }[]
}

export interface Explanation {
  readonly withinSeconds: number
  /** Flows of which a reply was denied within that time after the delete of their entry. */
  readonly deniedFlows: number
  /** The same in an equally long time after that: about as many of `deniedFlows` are late packets of dead flows. */
  readonly deniedLater: number
  /** Time from the delete to the first denied reply. Null if there is none. */
  readonly gapMs: { readonly median: number; readonly p95: number; readonly longest: number } | null
  /** Denied flows per day of what was logged, with bounds at 95 %. Null if the logs cover no time, or cannot show them. */
  readonly perDay: { readonly mean: number; readonly lower: number; readonly upper: number } | null
  readonly byDay: readonly Counted[]
  readonly byPair: readonly Counted[]
  readonly byNode: readonly Counted[]
  /** The first ones. */
  readonly examples: readonly {
    readonly node: string
    readonly flow: string
    readonly deletedAt: string
    readonly gapMs: number
  }[]
  readonly nodes: readonly ExplainedNode[]
  /** What these logs cannot show, one sentence each. */
  readonly blindSpots: readonly string[]
  /** Whether the logs can show the race: they have deletes or passes, and lines about flows. */
  readonly canShow: boolean
}

/** Examples, pairs and days that are listed, so that output stays readable. */
const listed = 20

export function explain(survey: LogSurvey): Explanation {
  const found = [...survey.nodes].flatMap(([node, { flows }]) => flows.map((flow) => ({ node, ...flow })))
  const soon = found.filter(({ isLate }) => !isLate)
  const gaps = soon.map(({ gapMs }) => gapMs)
  const seeing = [...survey.nodes.values()].filter(canShow)
  const days = seeing.reduce((sum, { coveredMs }) => sum + coveredMs, 0) / 86_400_000
  const bounds = poissonBounds(soon.length)
  return {
    withinSeconds: survey.withinMs / 1000,
    deniedFlows: soon.length,
    deniedLater: found.length - soon.length,
    gapMs:
      gaps.length === 0
        ? null
        : {
            median: quantile(gaps, 0.5) ?? 0,
            p95: quantile(gaps, 0.95) ?? 0,
            longest: gaps.reduce((a, b) => Math.max(a, b)),
          },
    perDay: days === 0 ? null : { mean: soon.length / days, lower: bounds.lower / days, upper: bounds.upper / days },
    byDay: counts(soon, ({ deletedMs }) => iso(deletedMs).slice(0, 10)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    byPair: counts(soon, pairOf).slice(0, listed),
    byNode: counts(soon, ({ node }) => node).slice(0, listed),
    examples: soon
      .toSorted((a, b) => a.deletedMs - b.deletedMs)
      .slice(0, listed)
      .map(({ node, tuple, deletedMs, gapMs }) => ({ node, flow: tupleText(tuple), deletedAt: iso(deletedMs), gapMs })),
    nodes: [...survey.nodes].map(([name, node]) => explainedNode(name, node)),
    blindSpots: blindSpots(survey),
    canShow: seeing.length > 0,
  }
}

/** Whether a log can show the race at all. */
const canShow = ({ passes, counts: { deleted, denied, accepted } }: NodeSurvey): boolean =>
  passes + deleted > 0 && denied + accepted > 0

const spanMs = ({ firstMs, lastMs }: NodeSurvey): number => Math.max(0, lastMs - firstMs)
const iso = (wallMs: number): string => new Date(wallMs).toISOString()

/** The client's address, and the server's address and port. */
const pairOf = ({ tuple: { protocol, source, destination } }: SurveyedFlow): string =>
  tupleText({ protocol, source: { ...source, port: 0 }, destination }).replace(/:0 →/, ' →')

/** Most first. */
function counts<Item>(items: readonly Item[], nameOf: (item: Item) => string): Counted[] {
  const byName = new Map<string, number>()
  for (const item of items) byName.set(nameOf(item), (byName.get(nameOf(item)) ?? 0) + 1)
  return [...byName].map(([name, flows]) => ({ name, flows })).toSorted((a, b) => b.flows - a.flows)
}

function explainedNode(name: string, node: NodeSurvey): ExplainedNode {
  const isSeen = node.lastMs >= node.firstMs
  const interval = node.passIntervalMs
  return {
    name,
    from: isSeen ? iso(node.firstMs) : null,
    until: isSeen ? iso(node.lastMs) : null,
    hours: spanMs(node) / 3_600_000,
    agents: node.agents.map((range, index) => ({
      version: rangeText(range),
      deniedFlows: node.flows.filter(({ agent, isLate }) => agent === index && !isLate).length,
      cleanups: cleanupTexts(range),
    })),
    level: node.level ?? (node.hasDebugLines ? 'debug' : 'not named'),
    passes: {
      began: node.passes,
      compared: node.counts.done,
      intervalSeconds: interval === undefined ? null : interval / 1000,
      entriesDeleted: node.counts.deleted,
      entriesKept: node.counts.kept,
    },
    denied: node.counts.denied,
    accepted: node.counts.accepted,
    busiestSecond: node.busiestSecond,
    gaps: node.gaps.map(({ fromMs, untilMs }) => ({ from: iso(fromMs), until: iso(untilMs) })),
  }
}

/** One sentence for each cleanup that an agent in this range may have. */
const cleanupTexts = (range: VersionRange): string[] =>
  cleanupsOf(range).map(
    ({ part, afterSnapshot, afterReread }) =>
      `${rangeText(part)}: a flow that is reused after the snapshot: ${afterSnapshot}; after the re-read: ${afterReread}`,
  )
