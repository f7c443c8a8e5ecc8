/** Prints attempts while they happen: their five phases, milestones and verdicts. */
import type { AttemptEvent, CohortEvent, HistoryEvent } from '../history/event.ts'
import { naturalWidths, type AttemptVerdict } from '../judge/attempt-verdict.ts'
import { judgeAttempt } from '../judge/judge-attempt.ts'
import { retentionText } from '../judge/retention.ts'
import { phaseNames, shortTime } from '../text.ts'
import { tupleText } from '../flow.ts'
import { quantile } from '../statistics/quantile.ts'
import { isTrial } from '../schedule/schedule.ts'
import { elapsedMs } from '../units.ts'
import { eventWords, observedWords } from './event-text.ts'

/** How much is printed: the phases of each cohort's first attempt, or every event of every attempt with its flow. */
export interface StoryOptions {
  readonly verbose: boolean
}

/** Turns the events of a run into lines to print. Needs all events, in order. */
export class Story {
  readonly #verbose: boolean
  readonly #cohorts = new Map<string, CohortEvent>()
  readonly #open = new Map<string, AttemptEvent[]>()
  /** The first attempt of each cohort, whose phases are printed. */
  readonly #shown = new Map<string, string>()

  constructor({ verbose }: StoryOptions) {
    this.#verbose = verbose
  }

  /** Returns the lines to print for the next event. */
  linesFor(event: HistoryEvent): string[] {
    if (event.type === 'cohort') {
      this.#cohorts.set(event.cohort, event)
      return ['', ` ${event.role} ${event.agent} · ${event.window} · ${event.flow} · expecting ${event.expect}`]
    }
    if (event.type === 'check') return event.ok ? [] : [`   check ${event.check}: ${event.saw}`]
    if (!('attempt' in event)) return []
    const events = this.#open.get(event.attempt) ?? []
    events.push(event)
    this.#open.set(event.attempt, events)
    return event.type === 'attempt.end' ? this.#end(event.attempt, events) : this.#during(event, events)
  }

  #during(event: AttemptEvent, events: readonly AttemptEvent[]): string[] {
    const begin = events[0]
    if (begin?.type !== 'attempt.begin') return []
    if (this.#verbose) return verboseLine(event, begin, this.#open.size > 1)
    if (!isTrial(begin.purpose)) return []
    const shown = this.#shown.get(begin.cohort) ?? event.attempt
    this.#shown.set(begin.cohort, shown)
    if (event.attempt !== shown) return []
    return event.type === 'phase' ? [`   ${event.phase} ${phaseNames[event.phase] ?? ''}`] : milestone(event)
  }

  #end(attempt: string, events: readonly AttemptEvent[]): string[] {
    this.#open.delete(attempt)
    const begin = events[0]
    const cohort = begin?.type === 'attempt.begin' ? this.#cohorts.get(begin.cohort) : undefined
    if (!cohort || begin?.type !== 'attempt.begin') return []
    return [verdictLine(judgeAttempt(events, cohort), cohort)]
  }
}

function milestone(event: AttemptEvent): string[] {
  switch (event.type) {
    case 'observed':
      return [`       ${observedWords(event)}`]
    case 'expired':
      return [`       ${event.flows.length} entries gone from the kernel (${event.expiry} expiry)`]
    case 'agent.held':
      return [`       the agent is held ${event.window}`]
    case 'agent.released':
      return ['       the agent is released']
    default:
      return []
  }
}

/** Returns a line about any event. @param among whether other attempts run at the same time: the line then begins with the attempt's number */
function verboseLine(
  event: AttemptEvent,
  begin: Extract<AttemptEvent, { type: 'attempt.begin' }>,
  among: boolean,
): string[] {
  const which = among ? ` ${`#${begin.number}`.padStart(4)}` : ''
  const at = `${which}${elapsedMs(begin.at, event.at).toFixed(3).padStart(10)} ms`
  if (event.type === 'attempt.begin') return [`   ${event.purpose} ${event.number}: ${event.schedule}`]
  if (event.type === 'phase') return [` ${at}  phase ${event.phase} ${phaseNames[event.phase] ?? ''}`]
  const tuple = 'flow' in event ? begin.flows.find(({ flow }) => flow === event.flow)?.tuple : undefined
  return [` ${at}    ${eventWords(event)}${tuple ? `  ${tupleText(tuple)}` : ''}`]
}

function verdictLine(verdict: AttemptVerdict, { iterations }: CohortEvent): string {
  const which = isTrial(verdict.purpose) ? attemptOf(verdict.number, iterations) : `control ${verdict.purpose}`
  const took = shortTime(Math.round(verdict.attemptMs))
  if (verdict.verdict === 'invalid') {
    const label = verdict.mayHaveLost ? 'MAY HAVE LOST' : 'INVALID'
    return `   ${which}: ${label}, ${verdict.reason} (${verdict.detail})  ${took}`
  }
  if (verdict.natural) {
    const widths = naturalWidths.flatMap((width) => {
      const median = quantile(verdict.natural?.[width] ?? [], 0.5)
      return median === undefined ? [] : [`${width} ${shortTime(median)}`]
    })
    return `   measurement ${verdict.number}, agent not held: ${widths.join(', ')}`
  }
  if (verdict.retention) return `   ${which}: ${retentionText(verdict.retention)}  ${took}`
  const flows = `${verdict.lost} of ${verdict.exposures} replies lost`
  return `   ${which}: ${verdict.verdict === 'lost' ? `RACE, ${flows}` : `survived, ${flows}`}  ${took}`
}

/** Names an attempt. An attempt that replaces an invalid one has a number beyond the planned ones. */
const attemptOf = (number: number, planned: number): string =>
  number > planned ? `spare attempt ${number - planned}` : `attempt ${number} of ${planned}`
