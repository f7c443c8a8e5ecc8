/**
 * Defines schedules: the ordered steps that the flows, the kernel and the agent take in an attempt.
 *
 * The text form of a schedule is its steps, separated by spaces, e.g. `open hydrate expire hold:after-snapshot reuse release reply`.
 */
import { windows, type Window } from '../windows.ts'

/** How the reuse is timed to land in the window (design: `trigger`). */
export const triggers = ['exact', 'observed', 'predicted'] as const
export type Trigger = (typeof triggers)[number]

/** The agent runs until it is held in this window. */
export type HoldStep = `hold:${Window}`
export const holdStep = (window: Window): HoldStep => `hold:${window}`

const steps = [
  /** The client opens the connections of the wave. Kernel and policy map then have an entry for each. */
  'open',
  /** The agent runs until it has walked the map after the wave was opened. */
  'hydrate',
  /** The kernel forgets the wave; the map does not. */
  'expire',
  /** The agent runs one whole pass that dumps conntrack, and is not held. */
  'compare',
  ...windows.map(holdStep),
  /** The client uses the same 5-tuples again. */
  'reuse',
  /** The same for an agent that is not held: as soon as the run sees the agent begin to dump conntrack. */
  'reuse:observed',
  /** The same for an agent that cannot be seen: one flow after the other, around the predicted time of the next compare pass. */
  'reuse:predicted',
  /** The held agent is released and goes on to the end of its pass. */
  'release',
  /** The reply is sent, and the run sees whether it arrives. */
  'reply',
  /** The agent is stopped, and another one is started on the same map. */
  'restart',
  /** Time passes, and finally the client sends a packet, to see whether and when a lost flow heals. */
  'heal',
] as const
export type Step = (typeof steps)[number]
export type Schedule = readonly Step[]

/**
 * The purposes of attempts: the race, a schedule of the user, a comparison with the model, a control with a known outcome (`no-reuse` to
 * `retention`), and a measurement of the windows of an agent that is not held.
 */
export const purposes = [
  'race',
  'schedule',
  'model',
  'no-reuse',
  'reuse-before-snapshot',
  'reuse-after-pass',
  'retention',
  'window',
] as const
export type Purpose = (typeof purposes)[number]

/** Whether attempts of this purpose decide the verdict. All others are controls, measurements or comparisons. */
export const isTrial = (purpose: Purpose): boolean => purpose === 'race' || purpose === 'schedule'

const idle = (passes: number): Step[] => Array.from({ length: passes }, (): Step[] => ['compare', 'hydrate']).flat()

/** Returns the steps by which a trigger puts the reuse into the window. */
const reuseBy = (trigger: Trigger, window: Window): Step[] => {
  switch (trigger) {
    case 'exact':
      return [holdStep(window), 'reuse', 'release']
    case 'observed':
      return ['reuse:observed']
    case 'predicted':
      return ['reuse:predicted']
  }
}

/** Returns the schedule of the race: the tuple is idle during `idlePasses` compare passes and reused in the window of the next pass. */
export const raceSchedule = (window: Window, idlePasses: number, trigger: Trigger = 'exact'): Schedule => [
  'open',
  'hydrate',
  'expire',
  ...idle(idlePasses),
  ...reuseBy(trigger, window),
  'reply',
]

/** The schedules of controls. No correct cleanup loses a live flow in them. */
export const controlSchedules = {
  /** The flow stays in the kernel's table through a whole pass. */
  'no-reuse': ['open', 'hydrate', 'compare', 'reply'],
  /** The tuple is in use again before the agent looks at conntrack. */
  'reuse-before-snapshot': ['open', 'hydrate', 'expire', 'reuse', 'compare', 'reply'],
  /** The tuple is used again after the pass that deleted its entry is over. */
  'reuse-after-pass': ['open', 'hydrate', 'expire', 'compare', 'reuse', 'reply'],
} as const satisfies Record<string, Schedule>

/** Returns the schedule that tests over-retention: a stale wave, and the compare passes within which it must be deleted. @param passes 1 or more */
export const retentionWithin = (passes: number): Schedule => [
  'open',
  'hydrate',
  'expire',
  'compare',
  ...Array.from({ length: passes - 1 }, (): Step[] => ['hydrate', 'compare']).flat(),
]

/** The schedule that measures the windows of an agent that is not held: one whole pass. */
export const windowSchedule: Schedule = ['open', 'hydrate', 'expire', 'compare']

/** The race, and what the client of a lost flow sees afterwards. */
export const symptomSchedule: Schedule = [...raceSchedule('after-snapshot', 0), 'heal']

/** Returns the last window in which a schedule holds the agent; undefined if it does not hold it. */
export const lastWindow = (schedule: Schedule = []): Window | undefined =>
  windowsOfPass(
    schedule.filter((step) => step !== 'release'),
    0,
  ).at(-1)

/** Returns the windows in which the agent is held in one pass, from this step of a schedule to its release. */
export function windowsOfPass(schedule: Schedule, from: number): readonly Window[] {
  const release = schedule.indexOf('release', from)
  return schedule.slice(from, release < 0 ? undefined : release).flatMap((step) => (isHold(step) ? windowOf(step) : []))
}

/** Returns the steps between the last hold and this release. */
export function stepsWhileHeld(schedule: Schedule, release: number): Schedule {
  const before = schedule.slice(0, release)
  return before.slice(before.findLastIndex((step) => isHold(step)) + 1)
}

export const scheduleText = (schedule: Schedule): string => schedule.join(' ')

export const isHold = (step: Step): step is HoldStep => step.startsWith('hold:')

/** Returns the window of a hold step. */
export const windowOf = (step: HoldStep): Window => step.slice('hold:'.length) as Window

const isStep = (word: string): word is Step => steps.some((step) => step === word)

/** Parses the text form of a schedule. @throws RangeError that names the first word that is not a step */
export function parseSchedule(text: string): Schedule {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      if (!isStep(word))
        throw new RangeError(`"${word}" is not a step of a schedule; the steps are ${steps.join(', ')}`)
      return word
    })
}
