/** Says in a few lines what the logs of agents show (`npa-race explain`). */
import type { ExplainedNode, Explanation } from '../agent-log/explanation.ts'
import { counted, duration, shortTime } from '../text.ts'

/** Lines per list, so that the whole fits on a screen; `--json` has more. */
const listed = 5

export function explainLines(explanation: Explanation): string[] {
  const { byDay, byPair, byNode, nodes, blindSpots } = explanation
  return [
    ...conclusion(explanation),
    ...list('per day', byDay),
    ...list('per pair of pods', byPair),
    ...(nodes.length > 1 ? list('per node', byNode) : []),
    ...nodes.slice(0, listed).flatMap(nodeLines),
    ...(nodes.length > listed ? [`… and ${nodes.length - listed} more nodes (--json lists all)`] : []),
    ...(blindSpots.length > 0 ? ['', 'What these logs cannot show:'] : []),
    ...blindSpots.map((sentence) => `- ${sentence}`),
  ]
}

/** The answer, in one to three sentences. */
export function conclusion(explanation: Explanation): string[] {
  const { deniedFlows, deniedLater, withinSeconds, gapMs, perDay, canShow, nodes } = explanation
  if (nodes.length === 0)
    return [
      'There is no line of the agent about its cleanup or about flows in these files. The agent writes /var/log/aws-routed-eni/network-policy-agent.log on each node.',
    ]
  if (!canShow)
    return ['These logs cannot show whether the agent deletes the entries of live flows: see below what is missing.']
  if (deniedFlows === 0)
    return [
      `No reply was denied within ${withinSeconds} s after the agent had deleted the entry of its flow.`,
      'This does not show that the agent is not affected.',
      ...(perDay
        ? [`If such denials occur, the agent logs at most ${rate(perDay.upper)} per node (95 %).`]
        : ['The lines do not say how long the agent was logged, so there is no upper bound either.']),
    ]
  return [
    `${counted(deniedFlows, 'flow')}: a reply was denied within ${withinSeconds} s after the agent had deleted the entry of the flow.`,
    `This is what the race looks like. A late packet of a dead flow looks the same, but comes at any time: in the ${withinSeconds} s after that, there were ${deniedLater}.`,
    ...(gapMs
      ? [
          `Time from the delete to the denial: median ${shortTime(gapMs.median)}, 95 % below ${shortTime(gapMs.p95)}, longest ${shortTime(gapMs.longest)}.`,
        ]
      : []),
    ...(perDay ? [`${rate(perDay.mean)} per node (95 %: ${rate(perDay.lower)} to ${rate(perDay.upper)}).`] : []),
  ]
}

const rate = (perDay: number): string => `${Number(perDay.toPrecision(2))} a day`

function list(title: string, counts: Explanation['byDay']): string[] {
  if (counts.length === 0) return []
  const more = counts.length > listed ? [`  … and ${counts.length - listed} more`] : []
  return [
    '',
    `${title}:`,
    ...counts.slice(0, listed).map(({ name, flows }) => `  ${String(flows).padStart(6)}  ${name}`),
    ...more,
  ]
}

export function nodeLines(node: ExplainedNode): string[] {
  const { name, from, until, hours, agents, level, passes, denied, accepted, gaps } = node
  const when = from === null || until === null ? [] : [`  from ${from} until ${until} (${duration(hours * 3_600_000)})`]
  return [
    '',
    name,
    ...when,
    ...agents.flatMap(({ version, deniedFlows, cleanups }) => [
      `  agent ${version}${agents.length > 1 ? `, ${counted(deniedFlows, 'flow')} with a denied reply` : ''}:`,
      ...cleanups.map((cleanup) => `    ${cleanup}`),
    ]),
    `  level: ${level}`,
    `  passes: ${passes.began}${intervalText(passes)}; ${counted(passes.entriesDeleted, 'entry', 'entries')} deleted, ${passes.entriesKept} kept`,
    `  lines about flows: ${denied} denied, ${accepted} accepted`,
    ...gaps.slice(0, listed).map((gap) => `  no pass from ${gap.from} until ${gap.until}`),
    ...(gaps.length > listed ? [`  … and ${gaps.length - listed} more times without a pass`] : []),
  ]
}

const intervalText = ({ intervalSeconds, compared, began }: ExplainedNode['passes']): string => {
  if (intervalSeconds === null) return ''
  const every = `, one every ${Number(intervalSeconds.toPrecision(3))} s`
  // From v1.1.2 on, every second pass compares, so the cleanup period is twice as long.
  return compared * 2 <= began + 1
    ? `${every} (cleanup period ${Number((2 * intervalSeconds).toPrecision(3))} s)`
    : every
}
