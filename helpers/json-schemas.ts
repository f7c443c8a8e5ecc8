/** Writes the files in `schemas/`: what editors and other programs need to check a configuration, the lines of a history or of a watch, and their summaries. */
import { z } from 'zod'
import { referenceAlgorithms } from './agents/reference.ts'
import { configSchema, earlierNames } from './config/schema.ts'
import { eventSchema } from './history/event.ts'
import { summarySchema } from './judge/summary.ts'
import { watchRecordSchema } from './watch/watch-record.ts'
import { watchSummarySchema } from './watch/watch-summary.ts'

type JsonSchema = z.core.JSONSchema.BaseSchema

/** The documents, by the names of their files, relative to the checkout. */
export const jsonSchemas: Readonly<Record<string, JsonSchema>> = {
  'schemas/config.schema.json': titled(
    'Configuration of npa-race',
    'race.config.yaml. A run also checks that the fields fit together, e.g. that the target can hold the agent in the window.',
    configuration(),
  ),
  'schemas/history-line.schema.json': titled(
    'Line of a history of npa-race',
    'One event: a line of history.jsonl. Times (`at`, `began`, `until`, `begins`) are nanoseconds of CLOCK_MONOTONIC of the node.',
    documentOf(eventSchema),
  ),
  'schemas/summary.schema.json': titled(
    'Summary of a run of npa-race',
    'summary.json: the verdict of a run and its figures.',
    documentOf(summarySchema),
  ),
  'schemas/watch-line.schema.json': titled(
    'Line of a watch of npa-race',
    'A line of watch.jsonl, and of the output of "npa-race watch --json". Fields that end in Ms are milliseconds; times are since 1970.',
    documentOf(watchRecordSchema),
  ),
  'schemas/watch-summary.schema.json': titled(
    'Summary of watches of npa-race',
    'summary.json in a results folder of "npa-race watch": its counts and figures.',
    documentOf(watchSummarySchema),
  ),
}

/** Returns the text of a document, as its file has it. */
export const schemaText = (schema: JsonSchema): string => `${JSON.stringify(schema, undefined, 2)}\n`

function titled(title: string, description: string, { $schema, ...schema }: JsonSchema): JsonSchema {
  return { ...($schema !== undefined && { $schema }), title, description, ...schema }
}

/** Describes what may be written, before it is parsed. What a schema cannot express, such as the order of a schedule, only the run checks. */
function documentOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: ({ jsonSchema }) => tidy(jsonSchema) })
}

/** Removes what only our tables use, links that lead nowhere from an editor, and limits of whole numbers that every JSON number has. */
function tidy(schema: JsonSchema): void {
  delete schema['unset']
  if (schema.description !== undefined)
    schema.description = schema.description.replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)')
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
}

/** Adds what zod loses because the schema transforms a value: defaults, the forms of an agent, and old names of fields. */
function configuration(): JsonSchema {
  const { properties, ...rest } = documentOf(configSchema)
  const defaults: Readonly<Record<string, unknown>> = configSchema.parse({})
  const fields: Record<string, JsonSchema> = {}
  for (const [field, schema] of Object.entries(properties ?? {}) as [string, JsonSchema][])
    fields[field] = defaults[field] === undefined ? schema : { default: defaults[field], ...schema }
  const { agent } = fields
  if (agent?.anyOf)
    agent.anyOf = [
      { enum: referenceAlgorithms.map((algorithm) => `reference:${algorithm}`) },
      { type: 'string', pattern: '^npa:.' },
      ...agent.anyOf.filter(({ type }) => type !== 'string'),
    ]
  for (const [earlier, field] of Object.entries(earlierNames))
    fields[earlier] = { ...fields[field], description: `The old name of \`${field}\`.`, deprecated: true }
  return { ...rest, properties: fields }
}
