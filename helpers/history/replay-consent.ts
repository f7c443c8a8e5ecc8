/**
 * Decides which settings a replay may take from a history. A history may come from anyone, e.g. from the results of a pull request. It must
 * not decide which programs run as root, or whether the caller's cluster may be changed.
 */
import { shellQuoted } from '../config/replay-command.ts'
import { probeImageOfRun } from '../config/own-cluster-defaults.ts'
import { isProvider } from '../config/targets.ts'
import { UserError } from '../user-error.ts'

/** Environment variables and their values. */
type Settings = Readonly<Record<string, string>>

/** For each setting that can do harm: whether a value of it is harmless, given the other settings of the replay. */
const harmless: Readonly<Record<string, (value: string, settings: Settings) => boolean>> = {
  // Reference agents of this suite and published versions of the agent are harmless.
  RACE_AGENT: (value) => /^(?:reference:[a-z-]+|npa:v\d[\w.+-]*)$/.test(value),
  RACE_GO_REPLACE: () => false,
  RACE_IMAGE: () => false,
  RACE_PROBE_IMAGE: (value) => value === probeImageOfRun,
  RACE_NODE_IMAGE: () => false,
  // The run may change a cluster that it creates itself.
  RACE_ALLOW_NODE_CHANGES: (_value, { RACE_TARGET: target = 'lab', RACE_CLUSTER: existing }) =>
    isProvider(target) && existing === undefined,
}

/** @returns the settings that only the caller may set */
export const neededConsent = (settings: Settings): readonly (readonly [variable: string, value: string])[] =>
  Object.entries(settings).filter(([variable, value]) => harmless[variable]?.(value, settings) === false)

/**
 * Checks that the caller consents to the settings of a history.
 *
 * @param settings the settings of the replay, from the history
 * @param given the caller's environment, which overrides the history
 * @param configured returns the settings of the caller's environment and configuration file
 * @param command the command that the caller typed
 * @returns the settings without those that the caller sets
 * @throws UserError that names each setting that the caller must repeat
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
      `the history sets ${missing.map(([variable]) => variable).join(' and ')}. A history may come from anyone, and a replay runs with your rights. If you trust it, repeat the setting:\n  ${repeated} ${command}`,
    )
  }
  const ofCaller = new Set(needed.flatMap(([variable]) => (given[variable] ? [variable] : [])))
  return Object.fromEntries(Object.entries(settings).filter(([variable]) => !ofCaller.has(variable)))
}
