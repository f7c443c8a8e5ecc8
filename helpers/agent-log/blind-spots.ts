/** Says what logs cannot show, so that silence is never read as "not affected". */
import type { VersionRange } from '../agents/cleanup-history.ts'
import { isBefore } from '../agents/version.ts'
import { counted, few } from '../text.ts'
import type { LogSurvey } from './log-survey.ts'
import type { NodeSurvey } from './node-survey.ts'

type Named = readonly [name: string, node: NodeSurvey]

/** From this version on, the agent re-reads an entry before it deletes it, and logs at level debug that it keeps one. */
const firstThatKeeps = [1, 4, 3] as const

/** Up to this version, the agent's logger samples its lines (the agent's `main.go`: zap's `NewProductionConfig`). */
const lastThatSamples = [1, 0, 2] as const

/** @returns one sentence each: what cannot be seen, on which nodes, and what to set */
export function blindSpots(survey: LogSurvey): string[] {
  const all = [...survey.nodes]
  const on = (isBlind: (node: NodeSurvey) => boolean, words: (nodes: string) => string): string[] => {
    const blind = all.filter(([, node]) => isBlind(node))
    return blind.length === 0 ? [] : [words(nodesText(blind, all.length))]
  }
  return [
    ...on(
      ({ counts: { denied, accepted } }) => denied + accepted === 0,
      (nodes) =>
        `Denied replies (${nodes}): there is no line about a flow. With --enable-policy-event-logs=false, the default of EKS, the agent logs none. Set it to true, and collect the log again after a few days.`,
    ),
    ...on(
      ({ passes, counts: { deleted } }) => passes + deleted === 0,
      (nodes) =>
        `Deletes (${nodes}): there is no line about the cleanup. The agent logs them to its file /var/log/aws-routed-eni/network-policy-agent.log and not to CloudWatch, at levels debug and info.`,
    ),
    ...on(
      ({ agents }) => agents.some(isSampled),
      (nodes) =>
        `Some deletes and denied replies (${nodes}): of the lines with the same message, agents up to v1.0.2 write the first 100 of a second, and then one in 100.`,
    ),
    ...on(
      (node) => mayKeep(node) && node.counts.kept === 0 && !node.hasDebugLines,
      (nodes) => `Entries that the agent kept after its re-read (${nodes}): it logs them at --log-level=debug only.`,
    ),
    ...on(
      ({ gaps }) => gaps.length > 0,
      (nodes) =>
        `Times without a pass (${nodes}): the log has gaps, because lines are missing or the agent did not run. They are listed per node.`,
    ),
    ...on(
      ({ backwardSteps }) => backwardSteps > 0,
      (nodes) =>
        `Some denied replies (${nodes}): the time goes back within the log, so deletes and denials may be in the wrong order. Are the newest lines first, are logs of several nodes in one file, or was the clock set? Sort the lines by time, and give each node its own file.`,
    ),
    ...on(
      ({ forgottenDeletes }) => forgottenDeletes > 0,
      (nodes) =>
        `Some deletes (${nodes}): there were more at once than this command remembers, so replies denied after them were not found.`,
    ),
    ...(survey.unreadable > 0
      ? [`${counted(survey.unreadable, 'line')} that could not be read: cut off, or without a time.`]
      : []),
    ...(all.length > 0
      ? [
          `Events that the agent lost under load: it does not log that. 43 % were lost at 200,000 events a second (aws-network-policy-agent#654); the busiest second in these logs has ${counted(busiest(all), 'line')} about flows.`,
        ]
      : []),
  ]
}

const busiest = (nodes: readonly Named[]): number =>
  nodes.reduce((most, [, node]) => Math.max(most, node.busiestSecond), 0)

const mayKeep = ({ agents }: NodeSurvey): boolean =>
  agents.some(({ until }) => until === undefined || !isBefore(until, firstThatKeeps))

const isSampled = ({ until }: VersionRange): boolean => until !== undefined && !isBefore(lastThatSamples, until)

const nodesText = (nodes: readonly Named[], all: number): string =>
  nodes.length === all && all > 1 ? `all ${all} nodes` : few(nodes.map(([name]) => name))
