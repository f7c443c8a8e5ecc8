/** Says what the log of an agent cannot show, by its version and its level (the agent's `conntrack_client.go` at each tag). */
import { isBefore, versionText, type AgentVersion } from '../agents/version.ts'

/** From the most lines to the fewest. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof logLevels)[number]

/** From this version on, `debug` is the default; before it, `info`. */
const firstDebugByDefault: AgentVersion = [1, 2, 2]
/** From this version on, passes alternate, and the log says when each has ended. */
const firstWithPasses: AgentVersion = [1, 1, 2]
/** From this version on, the agent keeps entries that are in use again, and says so only at level debug. */
const firstThatKeeps: AgentVersion = [1, 4, 3]

/** @param version undefined if it is unknown: then a recent one is assumed */
export const defaultLevel = (version: AgentVersion | undefined): LogLevel =>
  version && isBefore(version, firstDebugByDefault) ? 'info' : 'debug'

interface LoggingAgent {
  /** Undefined if it is unknown. */
  readonly version: AgentVersion | undefined
  readonly level: LogLevel
}

/** Returns why the log does not show what a run with trigger `predicted` needs, and what to set; undefined if it shows everything. */
export function missingInLog({ version, level }: LoggingAgent): string | undefined {
  if (version && isBefore(version, firstWithPasses))
    return `the agent ${versionText(version)} does not log when a pass ends, so no pass can be predicted: use an agent from ${versionText(firstWithPasses)} on`
  if (level !== 'debug' && level !== 'info')
    return `with --log-level=${level} the agent does not log its passes: run it with --log-level=debug`
  if (level === 'debug' || (version && isBefore(version, firstThatKeeps))) return undefined
  const who = version
    ? `the agent ${versionText(version)}`
    : 'the agent, whose version the tag of its image does not show,'
  return `with --log-level=info ${who} does not log which entries it keeps, so the log cannot prove that one survives: run it with --log-level=debug`
}
