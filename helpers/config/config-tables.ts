/** Writes tables of the README files: the configuration from the schemas, and the cleanups of the agent's versions. */
import { z } from 'zod'
import { affectedTable } from '../agents/cleanup-history.ts'
import { markdownTable } from '../text.ts'
import { textsOf } from './replay-command.ts'
import { configSchema, fieldNames, type FieldName } from './schema.ts'
import { variableNames, variablesSchema } from './variables.ts'

/** Fields that only a user's cluster needs. They are documented on the page about clusters; all others are in the main README. */
const clusterFields: ReadonlySet<FieldName> = new Set([
  'trigger',
  'allow_node_changes',
  'hold_limit',
  'parallel',
  'namespace',
  'client_pod',
  'server_pod',
  'context',
  'npa_namespace',
  'npa_pod_label',
  'image',
  'probe_image',
])

const defaults = textsOf(configSchema.parse({}))

/** The files with generated tables, relative to the checkout, and the tables of each by name. */
export const documentedTables: readonly { readonly file: string; readonly tables: Readonly<Record<string, string>> }[] =
  [
    {
      file: 'README.md',
      tables: {
        fields: fieldTable(fieldNames.filter((field) => !clusterFields.has(field))),
        variables: variableTable(),
      },
    },
    {
      file: 'fixtures/targets/cluster/README.md',
      tables: {
        affected: affectedTable(),
        fields: fieldTable(fieldNames.filter((field) => clusterFields.has(field))),
      },
    },
  ]

/**
 * Puts the tables into a text, between the comments `<!-- <name>: … -->` and `<!-- end of <name> -->`.
 *
 * @throws RangeError if the text lacks these comments
 */
export function withTables(text: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((whole, [name, lines]) => {
    const place = new RegExp(`(<!-- ${name}: [^>]*-->\n)[^]*?(\n<!-- end of ${name} -->)`)
    if (!place.test(whole))
      throw new RangeError(
        `the page has no place for the table "${name}": add the lines <!-- ${name}: generated --> and <!-- end of ${name} -->`,
      )
    return whole.replace(place, (_, begin: string, end: string) => `${begin}\n${lines}${end}`)
  }, text)
}

function fieldTable(fields: readonly FieldName[]): string {
  return markdownTable(
    ['field', 'default', 'what it does'],
    fields.map((field) => [`\`${field}\``, defaultOf(field), sentence(configSchema.shape[field])]),
  )
}

function variableTable(): string {
  return markdownTable(
    ['variable', 'what it does'],
    variableNames.map((name) => [`\`${name}\``, sentence(variablesSchema.shape[name])]),
  )
}

function defaultOf(field: FieldName): string {
  const { unset } = configSchema.shape[field].meta() ?? {}
  if (typeof unset === 'string') return unset
  const value = defaults[field]
  return value ? `\`${value}\`` : 'none'
}

/** Returns what a field or a variable does, and which words it allows. @throws RangeError if it has no description */
function sentence(schema: z.ZodType): string {
  const { description } = schema
  if (description === undefined)
    throw new RangeError('a field or variable of the schema has no description: add .describe()')
  const words = wordsOf(schema).map((word) => `\`${word}\``)
  return words.length === 0 ? description : `${description} One of ${words.join(', ')}.`
}

/** Returns the words that a field allows; empty if it is not a choice of words. */
function wordsOf(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String)
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return wordsOf(schema.unwrap())
  return []
}
