/** Judges one attempt, from its events only. */
import { loggedPasses } from '../agent-log/passes.ts'
import type { AttemptEvent } from '../history/event.ts'
import { elapsedMs, ms, type Ms } from '../units.ts'
import type { AttemptVerdict, LostFlow, LostInOtherWindows } from './attempt-verdict.ts'
import { notExposed, windowFrom, type Judged } from './exposure.ts'
import { otherWindow, reusedIn } from './exposure-observed.ts'
import { clientReport, clientWords, flowOutcome, logDisagreements, type FlowOutcome } from './flow-outcome.ts'
import { naturalWindows } from './natural-windows.ts'
import { flowMayBeLost, hasReuse, missedAfterReply } from './possible-loss.ts'
import { deletedBeforeReply, has, seesNode } from './preconditions.ts'
import { clientRestoredEntry } from './restored-entry.ts'
import { retentionOf, whyNoRetention } from './retention.ts'
import { timelineOf, type AttemptTimeline } from './timeline.ts'

/** Judges an attempt. @throws RangeError if its first event is missing */
export function judgeAttempt(events: readonly AttemptEvent[], cohort: Judged): AttemptVerdict {
  const timeline = timelineOf(events)
  if (!timeline) throw new RangeError('bug: the events of an attempt have no attempt.begin')
  const { attempt, cohort: id, purpose, number, at } = timeline.begin
  // Before its first phase, an attempt may wait until other attempts release the agent. This is not part of its duration.
  const from = events.find(({ type }) => type === 'phase')?.at ?? at
  const attemptMs = elapsedMs(from, timeline.end?.at ?? events.at(-1)?.at ?? from)
  const common = { attempt, cohort: id, purpose, number, attemptMs, predictionErrorMs: predictionErrorOf(timeline) }
  const invalid = (reason: string, detail: string, mayHaveLost: boolean): AttemptVerdict => ({
    ...common,
    verdict: 'invalid',
    reason,
    detail,
    mayHaveLost,
  })
  if (events.filter(({ type }) => type === 'attempt.begin').length > 1)
    return invalid('two attempts have the same name', 'their events cannot be distinguished', true)
  if (events[0]?.type !== 'attempt.begin')
    return invalid('the first event of the attempt is not its beginning', 'its history is damaged', true)
  if (timeline.missed) {
    const { reason, detail } = timeline.missed
    return invalid(reason, detail, missedAfterReply(timeline))
  }
  if (!timeline.end) return invalid('the attempt has no end', 'its history was cut short', true)
  if (purpose === 'retention') {
    const retention = retentionOf(timeline)
    const why = whyNoRetention(timeline, retention)
    return why ? invalid(...why, false) : { ...common, ...measuredOnly(timeline), retention }
  }
  if (purpose === 'window') return { ...common, ...measuredOnly(timeline), natural: naturalWindows(timeline) }
  return judgeReplies(timeline, cohort, common, invalid)
}

type Common = Pick<AttemptVerdict, 'attempt' | 'cohort' | 'purpose' | 'number' | 'attemptMs' | 'predictionErrorMs'>

/** Prefers the dumps that the kernel saw, because the agent's log has only milliseconds. */
function predictionErrorOf({ predicted, dumps, log }: AttemptTimeline): Ms | undefined {
  if (!predicted) return undefined
  const compares = loggedPasses(log.passes).filter(({ kind }) => kind === 'compare')
  const began = [...dumps.map(({ at }) => at), ...(dumps.length > 0 ? [] : compares.map((pass) => pass.began))]
  const nearest = began.toSorted((a, b) => Math.abs(a - predicted.begins) - Math.abs(b - predicted.begins))[0]
  return nearest === undefined || nearest < predicted.at ? undefined : elapsedMs(predicted.begins, nearest)
}

function judgeReplies(
  timeline: AttemptTimeline,
  cohort: Judged,
  common: Common,
  invalid: (reason: string, detail: string, mayHaveLost: boolean) => AttemptVerdict,
): AttemptVerdict {
  const reasons = new Map<string, number>()
  const doubts = new Map<string, number>()
  const disagreements = logDisagreements(timeline)
  let exposures = 0
  let lost = 0
  const lostInOtherWindows: { -readonly [Window in keyof LostInOtherWindows]: LostInOtherWindows[Window] } = {}
  let firstLost: LostFlow | undefined
  for (const { flow } of timeline.begin.flows) {
    const outcome = flowOutcome(timeline, flow, cohort)
    const reason = whyNotEligible(timeline, flow, cohort, outcome) ?? whyUnsettled(timeline, flow, outcome)
    if (reason !== undefined) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      if (flowMayBeLost(timeline, flow, cohort, reason)) {
        doubts.set(reason, (doubts.get(reason) ?? 0) + 1)
        disagreements.push({ flow, saw: { client: clientWords[clientReport(timeline, flow)], kernel: reason } })
      }
      if (reason === otherWindow && outcome.kind === 'lost') {
        const window = reusedIn(timeline, flow)
        lostInOtherWindows[window] = (lostInOtherWindows[window] ?? 0) + 1
      }
      continue
    }
    exposures++
    if (outcome.kind === 'lost') {
      lost++
      firstLost ??= lostFlow(timeline, flow)
    }
    if (outcome.kind === 'disagreement') disagreements.push({ flow, saw: { client: outcome.client, ...outcome.other } })
  }
  if (exposures === 0) {
    const isDoubtful = doubts.size > 0
    const [reason, flows] = [...(isDoubtful ? doubts : reasons)].toSorted(([, a], [, b]) => b - a)[0] ?? ['no flow', 0]
    return invalid(reason, `${flows} of ${timeline.begin.flows.length} flows`, isDoubtful)
  }
  const windowMs = widthOf(timeline, cohort)
  return {
    ...common,
    verdict: lost > 0 ? 'lost' : 'survived',
    exposures,
    lost,
    firstLost,
    lostInOtherWindows,
    disagreements,
    windowMs,
    retention: undefined,
    natural: undefined,
  }
}

function lostFlow({ begin, reused, deletes }: AttemptTimeline, flow: number): LostFlow | undefined {
  const tuple = begin.flows.find((each) => each.flow === flow)?.tuple
  const used = reused.get(flow)?.began
  const deleted = deletes.get(flow)?.at
  const seen = used !== undefined && deleted !== undefined && deleted >= used
  return tuple && { tuple, deletedAfterMs: seen ? elapsedMs(used, deleted) : undefined }
}

/**
 * Returns why a flow does not count; undefined if it does. In the race a flow counts if it is an exposure. In a user's schedule this holds for
 * survivors only, because a loss needs no further proof. In a control a flow counts if its reply was sent.
 */
function whyNotEligible(
  timeline: AttemptTimeline,
  flow: number,
  cohort: Judged,
  outcome: FlowOutcome,
): string | undefined {
  const { purpose } = timeline.begin
  const needsExposure = purpose === 'race' || (purpose === 'schedule' && outcome.kind !== 'lost')
  const notExposedBecause = needsExposure ? notExposed(timeline, flow, cohort) : undefined
  if (notExposedBecause !== undefined) return notExposedBecause
  if (!deletedBeforeReply.holds(timeline, flow, cohort.window)) return deletedBeforeReply.reason
  if (clientRestoredEntry(timeline, flow, cohort))
    return 'a retransmission of the client restored its entry before the reply'
  return timeline.replySent.has(flow) ? undefined : 'its reply was not sent'
}

/** Returns why the outcome of the reply shows nothing about the agent. A comparison with the model counts every loss. */
function whyUnsettled(timeline: AttemptTimeline, flow: number, outcome: FlowOutcome): string | undefined {
  if (outcome.kind !== 'lost' && hasFailedToDelete(timeline, flow))
    return 'the agent tried to delete the entry, and failed'
  if (isOthersDoing(timeline, flow)) return 'the entry was deleted, and not by a process of the agent'
  if (outcome.kind === 'unknown') return outcome.why
  if (outcome.kind !== 'lost' || timeline.begin.purpose === 'model') return undefined
  if (!wasDeletedByAgent(timeline, flow)) return 'the map lost the entry, and the agent was not seen to delete it'
  return has(timeline.beforeReply?.kernel.absent, flow)
    ? 'the kernel no longer had the flow when its reply was sent'
    : undefined
}

/**
 * Whether the agent was seen to delete the entry after the flow was reused. A full map loses entries without the agent. If the history has
 * lost the reuse, a delete may have been right, because the flow may have been idle.
 */
function wasDeletedByAgent(timeline: AttemptTimeline, flow: number): boolean {
  if (!seesNode(timeline)) return true
  return (timeline.lastDelete.get(flow) ?? -1) >= lastUse(timeline, flow)
}

/** Something else deleted the entry of a flow that was in use, and the agent did not: it may have done so for the agent. */
const isOthersDoing = (timeline: AttemptTimeline, flow: number): boolean =>
  timeline.begin.purpose !== 'model' &&
  !wasDeletedByAgent(timeline, flow) &&
  (timeline.deletedByOthers.get(flow) ?? -1) >= lastUse(timeline, flow)

/** E.g. because another key of the same batch was missing: the agent would have deleted the entry of a flow that is in use. */
const hasFailedToDelete = (timeline: AttemptTimeline, flow: number): boolean =>
  timeline.begin.purpose !== 'model' &&
  !wasDeletedByAgent(timeline, flow) &&
  (timeline.failedDeletes.get(flow) ?? -1) >= lastUse(timeline, flow)

/** When the flow was last used before its reply; Infinity if the history has lost the reuse. */
const lastUse = ({ begin, reused, opened }: AttemptTimeline, flow: number): number =>
  hasReuse(begin.schedule) ? (reused.get(flow)?.began ?? Infinity) : (opened.get(flow) ?? 0)

/** The verdict of an attempt that exposes no flow, because it only measures or looks. */
const measuredOnly = (timeline: AttemptTimeline) => ({
  verdict: 'survived' as const,
  exposures: 0,
  lost: 0,
  firstLost: undefined,
  lostInOtherWindows: {},
  disagreements: logDisagreements(timeline),
  windowMs: undefined,
  retention: undefined,
  natural: undefined,
})

/** Returns the width of the window: from the agent's last look at kernel or map to its delete, or to the end of the pass. The widest of all flows. */
function widthOf(timeline: AttemptTimeline, cohort: Judged): Ms | undefined {
  const widths = timeline.begin.flows.flatMap(({ flow }) => {
    const from = windowFrom(timeline, flow, cohort)
    const to = timeline.deletes.get(flow)?.at ?? timeline.passEnd
    return from !== undefined && to !== undefined && to >= from ? [elapsedMs(from, to)] : []
  })
  return widths.length > 0 ? ms(Math.max(...widths)) : undefined
}
