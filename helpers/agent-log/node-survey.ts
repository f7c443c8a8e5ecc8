/** Reads the log of one agent, line by line in the order of time, and keeps only counts, times of passes, and denied replies. */
import { intersection, isEmpty, type VersionRange } from '../agents/cleanup-history.ts'
import { quantile } from '../statistics/quantile.ts'
import type { AgentLogLine } from './agent-log.ts'
import { DeniedReplies, type DeniedFlow } from './denied-replies.ts'
import type { VersionClue } from './version-clues.ts'

/** A denied reply, and which agent wrote the log by then. */
export interface SurveyedFlow extends DeniedFlow {
  /** The index of the agent in `NodeSurvey.agents`. */
  readonly agent: number
}

/** A time in which the log has no pass, although the agent runs them at equal intervals. */
export interface LogGap {
  readonly fromMs: number
  readonly untilMs: number
}

/** A line that is older than the one before it by no more than this is not a step back: the agent writes lines concurrently. */
const orderToleranceMs = 1000

/** A gap is an interval between two passes that is longer than this many usual ones: one pass is missing at least. */
const longInterval = 1.5

export class NodeSurvey {
  readonly counts = { began: 0, hydrated: 0, done: 0, deleted: 0, kept: 0, denied: 0, accepted: 0 }
  /** The releases that may have written the log, one after the other: after a start, or a line that those before do not write, a new one. */
  readonly agents: VersionRange[] = [{}]
  readonly flows: SurveyedFlow[] = []
  /** The level that the agent named when it started. */
  level: string | undefined
  hasDebugLines = false
  firstMs = Infinity
  lastMs = -Infinity
  /** The most lines about flows in one second. */
  busiestSecond = 0
  /** How often a line is older than the line before it, by more than the tolerance. */
  backwardSteps = 0
  readonly #replies: DeniedReplies
  readonly #begins: number[] = []
  readonly #ends: number[] = []
  /** The time of the first line that was read, and of the last one. */
  #startMs: number | undefined
  #previousMs = -Infinity
  #second = 0
  #inSecond = 0

  constructor(withinMs: number) {
    this.#replies = new DeniedReplies(withinMs)
  }

  clue({ isStart, range, level }: VersionClue): void {
    const known = this.agents.at(-1) ?? {}
    const both = intersection(known, range)
    if (level !== undefined) this.level = level
    if (isEmpty(both) || (isStart && this.passes + this.counts.denied > 0 && !isSame(known, range)))
      this.agents.push(range)
    else this.agents[this.agents.length - 1] = both
  }

  line(line: AgentLogLine): void {
    this.firstMs = Math.min(this.firstMs, line.wallMs)
    this.lastMs = Math.max(this.lastMs, line.wallMs)
    if (line.wallMs < this.#previousMs - orderToleranceMs) this.backwardSteps++
    this.#startMs ??= line.wallMs
    this.#previousMs = line.wallMs
    this.counts[line.kind]++
    if (line.kind === 'began') this.#begins.push(line.wallMs)
    else if (line.kind === 'done') this.#ends.push(line.wallMs)
    else if (line.kind === 'deleted') this.#replies.deleted(line.tuple, line.wallMs)
    else if (line.kind === 'accepted' || line.kind === 'denied') this.#flow(line)
  }

  /** How many passes there were. */
  get passes(): number {
    return this.#passes.length
  }

  /** The usual time between two passes; undefined with fewer than two. */
  get passIntervalMs(): number | undefined {
    return quantile(
      this.#intervals().map(({ fromMs, untilMs }) => untilMs - fromMs),
      0.5,
    )
  }

  get gaps(): readonly LogGap[] {
    const longestMs = longInterval * (this.passIntervalMs ?? Infinity)
    return this.#intervals().filter(({ fromMs, untilMs }) => untilMs - fromMs > longestMs)
  }

  /** How long the agent was logged, in milliseconds, without gaps and without steps of the clock. 0 if the newest lines come first. */
  get coveredMs(): number {
    const longestMs = longInterval * (this.passIntervalMs ?? Infinity)
    const times = [this.#startMs ?? this.#previousMs, ...this.#passes, this.#previousMs]
    return times.slice(1).reduce((sum, untilMs, index) => {
      const ms = untilMs - (times[index] ?? untilMs)
      return ms > 0 && ms <= longestMs ? sum + ms : sum
    }, 0)
  }

  get forgottenDeletes(): number {
    return this.#replies.forgotten
  }

  #flow(line: AgentLogLine & { readonly kind: 'accepted' | 'denied' }): void {
    const second = Math.floor(line.wallMs / 1000)
    this.#inSecond = second === this.#second ? this.#inSecond + 1 : 1
    this.#second = second
    this.busiestSecond = Math.max(this.busiestSecond, this.#inSecond)
    if (line.kind === 'accepted') return this.#replies.accepted(line.tuple)
    const flow = this.#replies.denied(line.tuple, line.wallMs)
    if (flow) this.flows.push({ ...flow, agent: this.agents.length - 1 })
  }

  /** The times of the passes. Agents up to v1.0.6 only log the end of a pass. */
  get #passes(): readonly number[] {
    return this.#begins.length > 0 ? this.#begins : this.#ends
  }

  /** Not those in which the time goes back. */
  #intervals(): readonly LogGap[] {
    return this.#passes
      .slice(1)
      .map((untilMs, index) => ({ fromMs: this.#passes[index] ?? untilMs, untilMs }))
      .filter(({ fromMs, untilMs }) => untilMs > fromMs)
  }
}

/** Whether a start names the release that is known already, so that the agent was only restarted. */
const isSame = (known: VersionRange, started: VersionRange): boolean =>
  JSON.stringify(intersection(known, started)) === JSON.stringify(known)
