/** Combines environment, file and defaults (in this order of precedence) into one configuration, and checks it. Reads no file itself. */
import { isMap, isPair, isScalar, LineCounter, parse, parseDocument, stringify, visit, type Document } from 'yaml'
import { counted, nearest } from '../text.ts'
import { checkedConfigSchema } from './checked-schema.ts'
import { withOwnClusterDefaults } from './own-cluster-defaults.ts'
import {
  configSchema,
  earlierNames,
  fieldNames,
  presentName,
  variableOf,
  type Config,
  type FieldName,
} from './schema.ts'
import { isProvider } from './targets.ts'
import { parseVariables, specVariables, variableNames } from './variables.ts'

export interface ConfigInput {
  /** The name of the file, for messages, and its text. */
  readonly file?: { readonly name: string; readonly text: string } | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface ConfigProblem {
  /** `race.config.yaml:3:13`, or the environment variable. */
  readonly where: string
  readonly message: string
}

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

const otherVariables: readonly string[] = [...variableNames, ...specVariables]

interface Given {
  readonly value: unknown
  readonly where: string
}

export function parseConfig({ file, env }: ConfigInput): ParsedConfig {
  const problems: ConfigProblem[] = []
  const given = new Map<FieldName, Given>()
  if (file) readFile(file, given, problems)
  readEnvironment(env, given, problems)
  const checked = checkedConfigSchema.safeParse(
    Object.fromEntries([...given].map(([field, { value }]) => [field, value])),
  )
  if (!checked.success) {
    for (const issue of checked.error.issues) {
      const field = String(issue.path[0])
      const at = isField(field) ? given.get(field) : undefined
      problems.push({ where: at?.where ?? field, message: `${field}: ${shown(at?.value)} ${issue.message}` })
    }
  }
  return checked.success && problems.length === 0
    ? { ok: true, config: resolve(checked.data, new Set(given.keys())) }
    : { ok: false, problems }
}

/** A file that is not YAML has a problem on nearly every line. */
const mostProblems = 10

/** The parser of YAML quotes the whole line, which may be long. */
const mostCharacters = 1000

/** Formats the problems, one per line, each once. */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  const lines = [...new Set(problems.map(({ where, message }) => `  ${where}  ${shortened(message)}`))]
  const more = lines.length - mostProblems
  return [
    'the configuration is not valid; nothing was changed',
    ...lines.slice(0, mostProblems),
    ...(more > 0 ? [`  and ${counted(more, 'more problem')}`] : []),
  ].join('\n')
}

const shortened = (text: string): string => (text.length > mostCharacters ? `${text.slice(0, mostCharacters)} …` : text)

function resolve(config: Config, given: ReadonlySet<FieldName>): Config {
  if (isProvider(config.target)) return withOwnClusterDefaults(config, given)
  // The suite cannot ask a command for a pass, so it always runs on its own timer.
  return config.agent?.kind === 'command' ? { ...config, passes: 'own' } : config
}

const isField = (text: string): text is FieldName => fieldNames.some((field) => field === text)

/** YAML prints numbers, because JSON cannot express one that is not finite. */
const shown = (value: unknown): string =>
  typeof value === 'number' ? stringify(value).trim() : (JSON.stringify(value) ?? 'nothing')

function readFile(
  { name, text }: NonNullable<ConfigInput['file']>,
  given: Map<FieldName, Given>,
  problems: ConfigProblem[],
): void {
  const lines = new LineCounter()
  const document: Document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${name}:${line}:${col}`
  }
  for (const error of document.errors)
    problems.push({ where: at(error.pos[0]), message: `the file is not valid YAML: ${error.message}` })
  const aliases = wrongAliases(document)
  for (const { offset, message } of aliases) problems.push({ where: at(offset), message })
  if (document.errors.length > 0 || aliases.length > 0 || document.contents === null) return
  if (!isMap(document.contents)) {
    problems.push({ where: at(document.contents.range?.[0] ?? 0), message: 'must be a mapping of fields to values' })
    return
  }
  for (const pair of document.contents.items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue
    const written = String(pair.key.value)
    const field = presentName(written)
    const start = (node: unknown): number => (isScalar(node) || isMap(node) ? (node.range?.[0] ?? 0) : offsetOf(node))
    if (!isField(field)) problems.push({ where: at(start(pair.key)), message: unknown(field, fieldNames) })
    else
      given.set(field, {
        value: document.toJS()[written],
        where: at(pair.value === null ? start(pair.key) : start(pair.value)),
      })
  }
}

/** Finds aliases without an anchor, and aliases inside their own anchor. */
function wrongAliases(document: Document): { readonly offset: number; readonly message: string }[] {
  const wrong: { offset: number; message: string }[] = []
  visit(document, {
    Alias(_, alias, ancestors) {
      const target = alias.resolve(document)
      const name = `*${alias.source}`
      if (!target)
        wrong.push({ offset: offsetOf(alias), message: `${name} has no anchor: define &${alias.source} before it` })
      else if (ancestors.includes(target))
        wrong.push({ offset: offsetOf(alias), message: `${name} is inside its own anchor &${alias.source}` })
    },
  })
  return wrong
}

const offsetOf = (node: unknown): number =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? Number(node.range[0]) : 0

function readEnvironment(env: ConfigInput['env'], given: Map<FieldName, Given>, problems: ConfigProblem[]): void {
  const others = parseVariables(env)
  if ('problems' in others)
    for (const { name, value, message } of others.problems)
      problems.push({ where: name, message: `${shown(value)} ${message}` })
  const variables = new Map<string, FieldName>([
    ...fieldNames.map((field) => [variableOf(field), field] as const),
    ...Object.entries(earlierNames).map(([earlier, field]) => [variableOf(earlier), field] as const),
  ])
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('RACE_') || text === undefined || text === '' || otherVariables.includes(variable))
      continue
    const field = variables.get(variable)
    if (!field) problems.push({ where: variable, message: unknown(variable, [...variables.keys(), ...otherVariables]) })
    else given.set(field, { value: fromText(field, text), where: variable })
  }
}

const unknown = (word: string, known: readonly string[]): string =>
  `${word} is not a field; did you mean ${nearest(word, known)}?`

/** Converts the text of a variable: unchanged if the field takes text, otherwise parsed as YAML. */
function fromText(field: FieldName, text: string): unknown {
  if (configSchema.shape[field].safeParse(text).success) return text
  try {
    const value: unknown = parse(text)
    return value
  } catch {
    return text
  }
}
