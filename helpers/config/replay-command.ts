/** The command that runs the same configuration again. */
import { agentValue } from './agent-spec.ts'
import { configSchema, fieldNames, variableOf, type Config, type FieldName } from './schema.ts'

/** The environment that gives this configuration: what differs from the defaults. */
export function toEnvironment(config: Config): Record<string, string> {
  const defaults = configSchema.parse({})
  const text = (field: FieldName): string | undefined => {
    const value = config[field]
    if (value === undefined || String(value) === String(defaults[field])) return undefined
    if (field === 'agent' && config.agent) {
      const written = agentValue(config.agent)
      return typeof written === 'string' ? written : JSON.stringify(written)
    }
    return Array.isArray(value) ? value.join(',') : String(value)
  }
  return Object.fromEntries(
    fieldNames.flatMap((field) => {
      const value = text(field)
      return value === undefined ? [] : [[variableOf(field), value]]
    }),
  )
}

/** Fields that change what is told and where, and not what is run. */
const beside = new Set([variableOf('results_dir'), variableOf('verbose')])

export function replayCommand(config: Config): string {
  const settings = Object.entries(toEnvironment(config)).filter(([variable]) => !beside.has(variable))
  return [
    ...settings.map(([variable, value]) => `${variable}=${shellQuoted(value)}`),
    'npx vitest run specs/race',
  ].join(' ')
}

/** Safe in a POSIX shell. */
export const shellQuoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
