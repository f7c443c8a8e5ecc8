/** Builds the settings that repeat one attempt of a history. */
import { agentName, agentSchema } from '../config/agent-spec.ts'
import { fieldsFor } from '../config/cohort-settings.ts'
import { parseConfig } from '../config/parse-config.ts'
import { toEnvironment } from '../config/replay-command.ts'
import { configSchema, presentName, type Config } from '../config/schema.ts'
import { few } from '../text.ts'
import { UserError } from '../user-error.ts'
import { isTrial, parseSchedule, raceSchedule, scheduleText } from '../schedule/schedule.ts'
import type { CohortEvent, EventOf } from './event.ts'
import type { History } from './read-history.ts'

type Begin = EventOf<'attempt.begin'>

/**
 * Builds the settings that repeat an attempt.
 *
 * @param attempt number of the subject's attempt, from 1, or the full name of any attempt
 * @returns environment variables
 * @throws UserError if the attempt is not in the history, or if these specs cannot make it
 */
export function replaySettings({ events }: History, attempt: string): Record<string, string> {
  const run = events[0]
  if (run?.type !== 'run')
    throw new UserError(
      'the history does not begin with an event of type "run": it was not written by npa-race, or its first line is missing',
    )
  const cohorts = events.filter((event) => event.type === 'cohort')
  const begins = events.filter((event) => event.type === 'attempt.begin')
  const cohortOf = ({ cohort }: Begin) => cohorts.find((each) => each.cohort === cohort)
  const isOfSubject = (each: Begin) => isTrial(each.purpose) && cohortOf(each)?.role === 'subject'
  const begin = begins.find(
    (each) => each.attempt === attempt || (String(each.number) === attempt && isOfSubject(each)),
  )
  const cohort = begin && cohortOf(begin)
  if (!begin || !cohort) throw new UserError(noAttempt(attempt, begins, isOfSubject))
  const config = configOf(run)
  return checked(toEnvironment({ ...config, ...settingsOf(cohort, begin, config) }))
}

/** @throws UserError if this version of the suite does not know such a configuration */
function configOf({ config }: EventOf<'run'>): Config {
  const { data, error } = configSchema.safeParse(withPresentNames(config))
  if (data) return data
  const problems = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new UserError(`this version of npa-race cannot use the configuration in the history: ${few(problems)}`)
}

/** @throws UserError if the settings together are not a valid configuration */
function checked(settings: Record<string, string>): Record<string, string> {
  const parsed = parseConfig({ env: settings })
  if (parsed.ok) return settings
  const problems = parsed.problems.map(({ where, message }) => `${where}: ${message}`)
  throw new UserError(`this attempt cannot be repeated: ${few(problems)}`)
}

/** Replaces old names of fields, because a history may be older than the present name. */
const withPresentNames = (config: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).map(([field, value]) => [presentName(field), value]))

function noAttempt(attempt: string, begins: readonly Begin[], isOfSubject: (begin: Begin) => boolean): string {
  const numbers = begins.filter(isOfSubject).map(({ number }) => number)
  const names = begins.filter((begin) => !isOfSubject(begin)).map((begin) => `"${begin.attempt}"`)
  return [
    `the history has no attempt ${attempt}`,
    numbers.length === 0
      ? 'the subject made no attempts'
      : `the subject’s attempts are ${Math.min(...numbers)} to ${Math.max(...numbers)}`,
    ...(names.length === 0 ? [] : [`name any other attempt in full: ${few(names)}`]),
  ].join('; ')
}

function settingsOf(cohort: CohortEvent, begin: Begin, configured: Config): Partial<Config> {
  const { window, idlePasses, trigger } = cohort
  const isRace = begin.schedule === scheduleText(raceSchedule(window, idlePasses, trigger))
  return {
    ...fieldsFor(cohort),
    ...testedIn(cohort, configured),
    connections_per_wave: begin.flows.length,
    iterations: 1,
    mode: 'fixed',
    schedule: isRace ? undefined : parseSchedule(begin.schedule),
    ...resultsHere,
  }
}

/** Returns which agent the cohort tested, and where. */
function testedIn({ agent }: CohortEvent, configured: Config): Pick<Config, 'agent' | 'target'> {
  // The cohort has only the name of a command: the configuration has all of it. The agent of a cluster is the one that runs there.
  if (agent.startsWith('command:') || agent === agentName({ kind: 'cluster' }))
    return { agent: configured.agent, target: configured.target }
  const { data, error } = agentSchema.safeParse(agent)
  if (!data)
    throw new UserError(`the agent of the attempt, "${agent}", ${few(error.issues.map(({ message }) => message))}`)
  // Reference agents run in the lab, even as the control of a cluster.
  return { agent: data, target: data.kind === 'reference' ? 'lab' : configured.target }
}

/** The old run does not decide where the results of the new run go, or how much it prints. */
const { results_dir, verbose } = configSchema.parse({})
const resultsHere = { results_dir, verbose }
