/** Builds runs from example attempts, with a control that shows the race, for tests of the judge. */
import { expect } from 'vitest'
import type { AttemptEvent, CohortEvent, HistoryEvent } from '../history/event.ts'
import { ns } from '../units.ts'
import { exampleAttempt, exampleCohort, exampleRun } from './example-attempt.ts'
import { judgeRun } from './judge-run.ts'
import type { Summary } from './summary.ts'

const end: HistoryEvent = { type: 'run.end', at: ns(9e12), reason: 'passed', failedTests: [], durationMs: 1 }
const control = [
  exampleCohort({ cohort: 'control', role: 'control' }),
  ...exampleAttempt({ cohort: 'control', lost: true }),
]

/** Judges a run whose subject is expected to survive. @param changes changes to the cohort of the subject, which plans one attempt */
export const judgedRun = (changes: Partial<CohortEvent>, ...attempts: readonly (readonly AttemptEvent[])[]): Summary =>
  judgeRun({
    events: [exampleRun, ...control, exampleCohort({ expect: 'survives', ...changes }), ...attempts.flat(), end],
    cutShort: false,
  })

/** Matches an inconclusive summary, one of whose reasons contains this text. */
export const inconclusive = (reason: string): object => ({
  verdict: 'inconclusive',
  because: expect.arrayContaining([expect.stringContaining(reason) as string]) as string[],
})

export const survivor = (number = 1): AttemptEvent[] => exampleAttempt({ number, lost: false })
export const loser = (number = 1): AttemptEvent[] => exampleAttempt({ number, lost: true })

export const without = (events: readonly AttemptEvent[], ...types: AttemptEvent['type'][]): AttemptEvent[] =>
  events.filter(({ type }) => !types.includes(type))

/** Returns when the first event of this type happened. */
export const timeOf = (events: readonly AttemptEvent[], type: AttemptEvent['type']): number =>
  events.find((event) => event.type === type)?.at ?? 0

/** Changes an attempt to one with the user’s own schedule. */
export const bySchedule = (events: readonly AttemptEvent[], text: string): AttemptEvent[] =>
  events.map((event) => (event.type === 'attempt.begin' ? { ...event, purpose: 'schedule', schedule: text } : event))
