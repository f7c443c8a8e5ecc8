/** Builds the command that runs the same configuration again. */
import { scheduleText } from '../schedule/schedule.ts'
import { agentValue } from './agent-spec.ts'
import { configSchema, fieldNames, variableOf, type Config, type FieldName } from './schema.ts'

/** Returns the environment variables of this configuration, without those that have the default value. */
export function toEnvironment(config: Config): Record<string, string> {
  const text = textsOf(config)
  const defaults = textsOf(configSchema.parse({}))
  return Object.fromEntries(
    fieldNames.flatMap((field) => {
      const value = text[field]
      return value === undefined || value === defaults[field] ? [] : [[variableOf(field), value]]
    }),
  )
}

/** Returns each field as the text of its variable; undefined if it has no value. */
export function textsOf({ agent, go_replace, schedule, ...plain }: Config): Partial<Record<FieldName, string>> {
  const named = agent && agentValue(agent)
  return {
    ...Object.fromEntries(Object.entries(plain).map(([field, value]) => [field, String(value)])),
    ...(named !== undefined && { agent: typeof named === 'string' ? named : JSON.stringify(named) }),
    go_replace: go_replace.join(','),
    ...(schedule && { schedule: scheduleText(schedule) }),
  }
}

/** Variables that change what is printed and where results go, and not what is run. */
const outputVariables = new Set([variableOf('results_dir'), variableOf('verbose')])

/** @param typed the command without its settings, e.g. `npx vitest run specs/race`, in words */
export function replayCommand(config: Config, typed: readonly string[]): string {
  const settings = Object.entries(toEnvironment(config)).filter(([variable]) => !outputVariables.has(variable))
  return [...settings.map(([variable, value]) => `${variable}=${shellQuoted(value)}`), ...typed.map(shellQuoted)].join(
    ' ',
  )
}

/** Quotes a text for a POSIX shell, if necessary. */
export const shellQuoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
