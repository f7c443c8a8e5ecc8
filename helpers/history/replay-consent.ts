/**
 * What a replay does not take from a history, because a history may come from anyone, e.g. from the results of a pull request: which
 * programs run, as root, and whether a cluster of the caller's may be changed.
 */
import { shellQuoted } from '../config/replay-command.ts'
import { probeImageOfRun } from '../config/own-cluster-defaults.ts'
import { isProvider } from '../config/targets.ts'
import { UserError } from '../user-error.ts'

/** Variables of the environment. */
type Settings = Readonly<Record<string, string>>

/** Of each such setting: whether this value is harmless, among the other settings of the replay. */
const harmless: Readonly<Record<string, (value: string, settings: Settings) => boolean>> = {
  // Algorithms of this suite, and published versions of the agent.
  RACE_AGENT: (value) => /^(?:reference:[a-z-]+|npa:v\d[\w.+-]*)$/.test(value),
  RACE_GO_REPLACE: () => false,
  RACE_IMAGE: () => false,
  RACE_PROBE_IMAGE: (value) => value === probeImageOfRun,
  RACE_NODE_IMAGE: () => false,
  // A cluster that the run makes for itself may be changed anyway.
  RACE_ALLOW_NODE_CHANGES: (_value, { RACE_TARGET: target = 'lab', RACE_CLUSTER: existing }) =>
    isProvider(target) && existing === undefined,
}

/** @returns those of these settings that a replay takes from its caller alone */
export const neededConsent = (settings: Settings): readonly (readonly [variable: string, value: string])[] =>
  Object.entries(settings).filter(([variable, value]) => harmless[variable]?.(value, settings) === false)

/**
 * @param settings of the replay, as the history has them
 * @param given the caller's environment; what it sets is used in place of the history's
 * @param configured all that the caller's environment and configuration file ask for
 * @param command what the caller typed
 * @returns the settings without those that the caller sets
 * @throws UserError naming each setting that the caller has to repeat
 */
export function withConsent(
  settings: Settings,
  given: Readonly<Record<string, string | undefined>>,
  configured: () => Settings,
  command: string,
): Settings {
  const needed = neededConsent(settings)
  const own = needed.length > 0 ? configured() : {}
  const missing = needed.filter(([variable, value]) => !given[variable] && own[variable] !== value)
  if (missing.length > 0) {
    const repeated = missing.map(([variable, value]) => `${variable}=${shellQuoted(value)}`).join(' ')
    throw new UserError(
      `the history asks for ${missing.map(([variable]) => variable).join(' and ')}, and a history may come from anyone: a replay would do that with your rights. If you trust it, repeat the setting:\n  ${repeated} ${command}`,
    )
  }
  const ofCaller = new Set(needed.flatMap(([variable]) => (given[variable] ? [variable] : [])))
  return Object.fromEntries(Object.entries(settings).filter(([variable]) => !ofCaller.has(variable)))
}
