/** Joins the histories of several runs into one. The runs must have had the same conditions; machines and times may differ. */
import { isDeepStrictEqual } from 'node:util'
import { presentName, type FieldName } from '../config/schema.ts'
import { ns } from '../units.ts'
import type { CohortEvent, EventOf, HistoryEvent, RunEvent } from './event.ts'
import type { History } from './read-history.ts'
import { UserError } from '../user-error.ts'

/** Thrown if the runs cannot be joined. The message names what differs, and where. */
export class UnlikeRuns extends UserError {
  override readonly name = 'UnlikeRuns'
}

export interface NamedHistory {
  /** For messages, e.g. its folder. */
  readonly name: string
  readonly history: History
}

/**
 * Joins the histories. Each run has its own clock. This does no harm, because times are compared only within one attempt.
 *
 * @param runId the name of the joined history
 * @throws UnlikeRuns if a condition differs, if a run is given twice, or if a sequential test decided how many attempts a run made
 */
export function mergeHistories(runs: readonly NamedHistory[], runId: string): History {
  const parts = runs.map(partOf)
  const [first] = parts
  if (!first) throw new UnlikeRuns('no histories were given: name at least one results folder')
  const ids = parts.map(({ run }) => run.runId)
  if (new Set(ids).size < ids.length)
    throw new UnlikeRuns(`a run was given twice: ${ids.join(', ')}. Each run may be joined only once`)
  const twice = firstDuplicate(parts.flatMap(trialsOf))
  if (twice !== undefined)
    throw new UnlikeRuns(
      `an attempt is there twice: ${twice}. Do not join a run with a history that already contains it`,
    )
  for (const part of parts) requireSameConditions(first, part)
  const cohorts = first.cohorts.map((cohort) => joined(cohort, parts))
  const ends = parts.flatMap(({ end }) => end ?? [])
  const unreadableLines = parts.reduce((sum, part) => sum + part.unreadableLines, 0)
  return {
    cutShort: parts.some(({ cutShort }) => cutShort),
    ...(unreadableLines > 0 && { unreadableLines }),
    events: [
      { ...first.run, runId, replay: `${first.run.replay} # on each of ${parts.length}` },
      ...cohorts,
      // Keep all identities: if the agent changed within any of the runs, the attempts are not trials of one agent.
      ...parts.flatMap(({ identities }) => identities),
      ...parts.flatMap(({ run, rest }) => rest.map((event) => renamed(event, run.runId))),
      // If one run has no end, the joined history has none either.
      ...(ends.length === parts.length ? [endOf(ends)] : []),
    ],
  }
}

interface Part {
  readonly name: string
  readonly run: RunEvent
  readonly cohorts: readonly CohortEvent[]
  readonly identities: readonly EventOf<'agent'>[]
  readonly end: EventOf<'run.end'> | undefined
  /** Attempts, checks and failures. */
  readonly rest: readonly HistoryEvent[]
  readonly cutShort: boolean
  readonly unreadableLines: number
}

const separateTypes = new Set<HistoryEvent['type']>(['run', 'cohort', 'agent', 'run.end'])

function partOf({ name, history: { events, cutShort, unreadableLines = 0 } }: NamedHistory): Part {
  const [run] = events
  if (run?.type !== 'run') throw new UnlikeRuns(`${name}: the history does not begin with an event of type "run"`)
  return {
    name,
    run,
    cohorts: events.filter((event) => event.type === 'cohort'),
    identities: events.filter((event) => event.type === 'agent'),
    end: events.find((event) => event.type === 'run.end'),
    rest: events.filter(({ type }) => !separateTypes.has(type)),
    cutShort,
    unreadableLines,
  }
}

/**
 * Names each attempt by the run that made it. In a joined history, the name of that run stands in front of the attempt's name, and the
 * names of later joins stand in front of that.
 */
function trialsOf({ run, rest }: Part): string[] {
  return rest.flatMap((event) => {
    if (event.type !== 'attempt.begin') return []
    const name = `${event.cohort} ${event.purpose} ${event.number}`
    const madeIn = event.attempt.slice(0, -name.length).trim().split(' ').at(-1)
    return [`${madeIn || run.runId} ${name}`]
  })
}

function firstDuplicate(names: readonly string[]): string | undefined {
  const seen = new Set<string>()
  return names.find((name) => seen.size === seen.add(name).size)
}

/** Fields of the configuration that may differ: where results go, how much is printed, the number of attempts and the seed. */
const mayDiffer: ReadonlySet<string> = new Set<FieldName>(['results_dir', 'verbose', 'iterations', 'seed'])

/** Returns the conditions that must be the same in all runs. Their times and numbers of attempts may differ. */
function conditionsOf({ run, cohorts, identities }: Part): Record<string, unknown> {
  const config = Object.fromEntries(
    Object.entries(run.config).flatMap(([name, value]) =>
      mayDiffer.has(name) ? [] : [[presentName(name), value] as const],
    ),
  )
  const { agent, go_replace, map_layout, ...others } = config
  return {
    environment: run.environment,
    'the configured agent': { agent, go_replace, map_layout },
    ...Object.fromEntries(cohorts.map((cohort) => [`cohort "${cohort.cohort}"`, { ...cohort, at: 0, iterations: 0 }])),
    ...Object.fromEntries(
      identities.map((identity) => [
        // Attempts that run in parallel test one agent per node.
        `the agent of cohort "${identity.cohort}"${identity.running ? ` on node ${identity.running.node}` : ''}`,
        { ...identity, at: 0, files: hashes(identity) },
      ]),
    ),
    'the configuration': others,
  }
}

/** Maps each file to its hash, so that a difference names the file. */
const hashes = ({ files = [] }: EventOf<'agent'>) => Object.fromEntries(files.map(({ file, sha256 }) => [file, sha256]))

function requireSameConditions(first: Part, other: Part): void {
  const sequential = other.cohorts.find((cohort) => cohort.sequential)
  if (sequential)
    throw new UnlikeRuns(
      `${other.name}: cohort "${sequential.cohort}" was stopped by a sequential test; its bounds hold only for that run`,
    )
  const [wanted, found] = [conditionsOf(first), conditionsOf(other)]
  const name = Object.keys({ ...wanted, ...found }).find((each) => !isDeepStrictEqual(wanted[each], found[each]))
  if (name === undefined) return
  if (!(name in wanted && name in found)) {
    const [has, lacks] = name in wanted ? [first, other] : [other, first]
    throw new UnlikeRuns(
      `${has.name} has ${name}, and ${lacks.name} does not: merge runs that were started by the same command, and that were not interrupted`,
    )
  }
  const texts = differences(wanted[name], found[name]).map(
    ([path, here, there]) => `${path}${words(here)} in ${first.name} and ${words(there)} in ${other.name}`,
  )
  throw new UnlikeRuns(`${name} differs: ${texts.join('; ')}`)
}

/** Prints a value, or "nothing" if the run does not have it. */
const words = (value: unknown): string => JSON.stringify(value) ?? 'nothing'

/** Returns each value that differs: its path, and its value here and there. */
function differences(here: unknown, there: unknown, path = ''): [string, unknown, unknown][] {
  if (isDeepStrictEqual(here, there)) return []
  if (!isMapping(here) || !isMapping(there)) return [[path, here, there]]
  return Object.keys({ ...here, ...there }).flatMap((name) => differences(here[name], there[name], `${path}${name} `))
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Joins the plans of a cohort: the numbers of attempts are added up. */
const joined = (cohort: CohortEvent, parts: readonly Part[]): CohortEvent => ({
  ...cohort,
  iterations: parts
    .flatMap(({ cohorts }) => cohorts.filter((each) => each.cohort === cohort.cohort))
    .reduce((sum, { iterations }) => sum + iterations, 0),
})

const renamed = (event: HistoryEvent, runId: string): HistoryEvent =>
  'attempt' in event ? { ...event, attempt: `${runId} ${event.attempt}` } : event

const endOf = (ends: readonly EventOf<'run.end'>[]): EventOf<'run.end'> => ({
  type: 'run.end',
  at: ns(Math.max(...ends.map(({ at }) => at))),
  reason:
    ends.find(({ reason }) => reason === 'interrupted')?.reason ??
    ends.find(({ reason }) => reason === 'failed')?.reason ??
    'passed',
  failedTests: ends.flatMap(({ failedTests }) => failedTests),
  durationMs: ends.reduce((sum, { durationMs }) => sum + durationMs, 0),
})
