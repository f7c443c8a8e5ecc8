/** Where a run stands while it is going: which attempt and phase, what was lost so far, what is awaited until when, and the time left. */
import type { AttemptEvent, CohortEvent, EventOf, HistoryEvent } from '../history/event.ts'
import { judgeAttempt } from '../judge/judge-attempt.ts'
import { isTrial } from '../schedule/schedule.ts'
import { elapsedMs, ns, type Ms, type Ns } from '../units.ts'
import { phaseNames } from './phase-names.ts'

/** Feed it the events of a run in order; ask it for a line at any time. */
export class Progress {
  #cohort: CohortEvent | undefined
  readonly #cohorts = new Map<string, CohortEvent>()
  #events: AttemptEvent[] = []
  #tried = 0
  #lost = 0
  #tookMs = 0
  /** The clock of the attempt under way, on a node, is so far behind. */
  #behind = 0

  /** @param now this moment, on the clock of whoever asks for lines; default: that of the events */
  tell(event: HistoryEvent, now: Ns = event.at): void {
    if (event.type === 'attempt.begin') this.#behind = now - event.at
    if (event.type === 'cohort') this.#cohorts.set(event.cohort, event)
    if (!('attempt' in event)) return
    if (event.type === 'attempt.begin') this.#begin(event)
    else if (event.attempt !== this.#events[0]?.attempt) return
    this.#events.push(event)
    if (event.type === 'attempt.end') this.#end()
  }

  /**
   * @param now on the clock that events were told by
   * @param clock the same moment for people
   * @returns undefined where no attempt is under way
   */
  line(askedAt: Ns, clock: Date): string | undefined {
    const now = ns(askedAt - this.#behind)
    const begin = this.#events[0]
    if (begin?.type !== 'attempt.begin' || !this.#cohort) return undefined
    const { phase, at: since = begin.at } = this.#latest('phase') ?? {}
    const awaited = this.#latest('awaiting')
    const of = isTrial(begin.purpose)
      ? `attempt ${begin.number} of ${this.#cohort.iterations}`
      : `control ${begin.purpose}`
    return [
      ` ${this.#cohort.agent}: ${of}`,
      ...(phase === undefined ? [] : [`phase ${phase} ${phaseNames[phase] ?? ''}`]),
      ...(this.#tried > 0 ? [`${this.#lost} of ${this.#tried} lost so far`] : []),
      // What was awaited in an earlier phase has come.
      ...(awaited && awaited.at >= since && awaited.until > now
        ? [`awaiting ${awaited.what}, until ${timeOf(elapsedMs(now, awaited.until), clock)}`]
        : []),
      ...this.#left(elapsedMs(begin.at, now), this.#cohort, begin),
    ].join(' · ')
  }

  #begin(event: EventOf<'attempt.begin'>): void {
    const cohort = this.#cohorts.get(event.cohort)
    if (cohort !== this.#cohort) {
      this.#cohort = cohort
      this.#tried = this.#lost = this.#tookMs = 0
    }
    this.#events = []
  }

  #end(): void {
    const verdict = this.#cohort && judgeAttempt(this.#events, this.#cohort)
    this.#events = []
    if (!verdict || !isTrial(verdict.purpose) || verdict.verdict === 'invalid') return
    this.#tried++
    this.#tookMs += verdict.attemptMs
    if (verdict.verdict === 'lost') this.#lost++
  }

  #latest<Type extends 'phase' | 'awaiting'>(type: Type): EventOf<Type> | undefined {
    // The comparison is of the discriminant that `EventOf` selects by.
    return this.#events.findLast((event) => event.type === type) as EventOf<Type> | undefined
  }

  /** From the attempts so far; nothing is said before there is one. */
  #left(underWayMs: Ms, { iterations }: CohortEvent, { purpose }: EventOf<'attempt.begin'>): string[] {
    if (this.#tried === 0 || !isTrial(purpose)) return []
    const each = this.#tookMs / this.#tried
    const left = (iterations - this.#tried) * each - Math.min(underWayMs, each)
    return left > 0 ? [`about ${duration(left)} left of this cohort`] : []
  }
}

const timeOf = (inMs: number, clock: Date): string =>
  `${new Date(clock.getTime() + inMs).toTimeString().slice(0, 8)} (${duration(inMs)} more)`

/** `2 min 5 s`. @param milliseconds not negative */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const
  const told = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value} ${unit}`)
  return told.slice(0, 2).join(' ') || '0 s'
}
