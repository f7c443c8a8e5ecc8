/**
 * An attempt as a value: the ordered steps that a flow, the kernel and the agent go through.
 *
 * Its text form is the steps with a space between them, e.g.
 * `open hydrate expire hold:after-snapshot reuse release reply`.
 */
import { windows, type Window } from '../windows.ts'

/** How the reuse is put into the window (design: `trigger`). */
export const triggers = ['exact', 'observed', 'predicted'] as const
export type Trigger = (typeof triggers)[number]

/** The agent runs until it is held in this window. */
export type HoldStep = `hold:${Window}`
export const holdStep = (window: Window): HoldStep => `hold:${window}`

const steps = [
  /** The wave's connections are made: the kernel and the policy map have an entry each. */
  'open',
  /** The agent runs until it has walked the map since the wave was opened. */
  'hydrate',
  /** The kernel forgets the wave; the map does not. */
  'expire',
  /** The agent runs one whole pass that dumps conntrack, and is not held. */
  'compare',
  ...windows.map(holdStep),
  /** The same 5-tuple is used again. */
  'reuse',
  /** The same, of an agent that nobody holds: at once when it is seen to begin its look at conntrack. */
  'reuse:observed',
  /** The same, of an agent that nobody sees: one flow after the other, around the time at which its next compare pass is predicted. */
  'reuse:predicted',
  /** The held agent goes on to the end of its pass. */
  'release',
  /** The reply is let through, and what becomes of it is seen. */
  'reply',
  /** The agent ends, and another takes its place on the same map. */
  'restart',
  /** Time passes, and at last the client sends something: does a flow that was lost heal, and when? */
  'heal',
] as const
export type Step = (typeof steps)[number]
export type Schedule = readonly Step[]

/** What an attempt is made for: the race itself, a schedule of the user's, one whose outcome the model predicts, a control with a known answer, or to measure the window of an agent that is not held. */
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

/** Attempts by which an agent is judged; all others are controls or measurements. */
export const isTrial = (purpose: Purpose): boolean => purpose === 'race' || purpose === 'schedule'

const idle = (passes: number): Step[] => Array.from({ length: passes }, (): Step[] => ['compare', 'hydrate']).flat()

/** How each trigger puts the reuse into the window. */
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

/** The race: the tuple is idle through `idlePasses` compare passes and reused in the window of the next. */
export const raceSchedule = (window: Window, idlePasses: number, trigger: Trigger = 'exact'): Schedule => [
  'open',
  'hydrate',
  'expire',
  ...idle(idlePasses),
  ...reuseBy(trigger, window),
  'reply',
]

/** Controls: schedules in which no correct cleanup loses a live flow. */
export const controlSchedules = {
  /** The flow stays in the kernel's table through a whole pass. */
  'no-reuse': ['open', 'hydrate', 'compare', 'reply'],
  /** The tuple is in use again before the agent looks at conntrack. */
  'reuse-before-snapshot': ['open', 'hydrate', 'expire', 'reuse', 'compare', 'reply'],
  /** The tuple is used again when the pass that deleted it is over. */
  'reuse-after-pass': ['open', 'hydrate', 'expire', 'compare', 'reuse', 'reply'],
} as const satisfies Record<string, Schedule>

/** Over-retention: a stale wave, and as many compare passes as the cleanup promises to have deleted it in. @param passes 1 or more */
export const retentionWithin = (passes: number): Schedule => [
  'open',
  'hydrate',
  'expire',
  'compare',
  ...Array.from({ length: passes - 1 }, (): Step[] => ['hydrate', 'compare']).flat(),
]

/** A pass that nobody holds: from its looks to its deletes is how wide the window is by nature. */
export const windowSchedule: Schedule = ['open', 'hydrate', 'expire', 'compare']

/** The race, and what its victim sees afterwards. */
export const symptomSchedule: Schedule = [...raceSchedule('after-snapshot', 0), 'heal']

/** The window that a schedule holds the agent in last. */
export const lastWindow = (schedule: Schedule = []): Window | undefined =>
  windowsOfPass(
    schedule.filter((step) => step !== 'release'),
    0,
  ).at(-1)

/** The windows in which the agent is held in one pass, from this step of a schedule to its release. */
export function windowsOfPass(schedule: Schedule, from: number): readonly Window[] {
  const release = schedule.indexOf('release', from)
  return schedule.slice(from, release < 0 ? undefined : release).flatMap((step) => (isHold(step) ? windowOf(step) : []))
}

/** What happens between the last hold and this release. */
export function stepsWhileHeld(schedule: Schedule, release: number): Schedule {
  const before = schedule.slice(0, release)
  return before.slice(before.findLastIndex((step) => isHold(step)) + 1)
}

export const scheduleText = (schedule: Schedule): string => schedule.join(' ')

export const isHold = (step: Step): step is HoldStep => step.startsWith('hold:')

/** Where the agent is held in this step. */
export const windowOf = (step: HoldStep): Window => step.slice('hold:'.length) as Window

const isStep = (word: string): word is Step => steps.some((step) => step === word)

/** @throws RangeError naming the first word that is no step */
export function parseSchedule(text: string): Schedule {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      if (!isStep(word)) throw new RangeError(`"${word}" is no step of a schedule; steps are ${steps.join(', ')}`)
      return word
    })
}
