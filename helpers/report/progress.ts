/** Describes the progress of a run: attempt and phase, losses so far, what is awaited until when, and the time left. */
import { byType } from '../history/by-type.ts'
import type { AttemptEvent, CohortEvent, EventOf, HistoryEvent } from '../history/event.ts'
import { judgeAttempt } from '../judge/judge-attempt.ts'
import { isTrial } from '../schedule/schedule.ts'
import { elapsedMs, ns, type Ms, type Ns } from '../units.ts'
import { duration, phaseNames } from '../text.ts'

interface RunningAttempt {
  readonly begin: EventOf<'attempt.begin'>
  readonly events: AttemptEvent[]
  /** Nanoseconds by which the clock of the attempt's node is behind. */
  readonly behind: number
}

/** Collects the events of a run, in order, and returns a line about its progress at any time. */
export class Progress {
  #cohort: CohortEvent | undefined
  readonly #cohorts = new Map<string, CohortEvent>()
  /** Running attempts by name, the oldest first. */
  readonly #open = new Map<string, RunningAttempt>()
  #tried = 0
  #lost = 0
  #tookMs = 0

  /** Adds an event. @param now the present time on the clock of the caller of `line`. Default: the time of the event */
  add(event: HistoryEvent, now: Ns = event.at): void {
    if (event.type === 'cohort') this.#cohorts.set(event.cohort, event)
    if (!('attempt' in event)) return
    if (event.type === 'attempt.begin') this.#begin(event, now - event.at)
    const underWay = this.#open.get(event.attempt)
    underWay?.events.push(event)
    if (underWay && event.type === 'attempt.end') this.#end(underWay)
  }

  /**
   * Returns a line about the progress.
   *
   * @param askedAt the present time on the clock that was given to `add`
   * @param clock the same time as a date, for people
   * @returns undefined if no attempt is running
   */
  line(askedAt: Ns, clock: Date): string | undefined {
    const [underWay, ...others] = this.#open.values()
    if (!underWay || !this.#cohort) return undefined
    const { begin, behind } = underWay
    const now = ns(askedAt - behind)
    const { phase, at: since = begin.at } = latest(underWay, 'phase') ?? {}
    const awaited = latest(underWay, 'awaiting')
    const of = isTrial(begin.purpose)
      ? `attempt ${begin.number} of ${this.#cohort.iterations}`
      : `control ${begin.purpose}`
    return [
      ` ${this.#cohort.agent}: ${of}`,
      ...(phase === undefined ? [] : [`phase ${phase} ${phaseNames[phase] ?? ''}`]),
      ...(others.length > 0 ? [`${others.length} more in parallel`] : []),
      ...(this.#tried > 0 ? [`${this.#lost} of ${this.#tried} lost so far`] : []),
      // Skip what was awaited in an earlier phase: it has come.
      ...(awaited && awaited.at >= since && awaited.until > now
        ? [`awaiting ${awaited.what}, until ${timeOf(elapsedMs(now, awaited.until), clock)}`]
        : []),
      ...this.#left(elapsedMs(begin.at, now), this.#cohort, begin),
    ].join(' · ')
  }

  #begin(begin: EventOf<'attempt.begin'>, behind: number): void {
    const cohort = this.#cohorts.get(begin.cohort)
    if (cohort !== this.#cohort) {
      this.#cohort = cohort
      this.#tried = this.#lost = this.#tookMs = 0
    }
    // An attempt that has timed out may end late. It is no longer running.
    const [oldest] = this.#open.keys()
    if (oldest !== undefined && this.#open.size >= (cohort?.parallel ?? 1)) this.#open.delete(oldest)
    this.#open.set(begin.attempt, { begin, behind, events: [] })
  }

  #end({ begin, events }: RunningAttempt): void {
    const verdict = this.#cohort && judgeAttempt(events, this.#cohort)
    this.#open.delete(begin.attempt)
    if (!verdict || !isTrial(verdict.purpose) || verdict.verdict === 'invalid') return
    this.#tried++
    this.#tookMs += verdict.attemptMs
    if (verdict.verdict === 'lost') this.#lost++
  }

  /** Estimates the time left from the attempts so far. Says nothing before the first attempt has ended. */
  #left(underWayMs: Ms, { iterations, parallel }: CohortEvent, { purpose }: EventOf<'attempt.begin'>): string[] {
    if (this.#tried === 0 || !isTrial(purpose)) return []
    const each = this.#tookMs / this.#tried
    const left = ((iterations - this.#tried) * each) / parallel - Math.min(underWayMs, each)
    return left > 0 ? [`about ${duration(left)} left for this cohort`] : []
  }
}

const latest = <Type extends 'phase' | 'awaiting'>({ events }: RunningAttempt, type: Type): EventOf<Type> | undefined =>
  byType(events)(type).at(-1)

const timeOf = (inMs: number, clock: Date): string =>
  `${new Date(clock.getTime() + inMs).toTimeString().slice(0, 8)} (${duration(inMs)} left)`
