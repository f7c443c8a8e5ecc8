/** The JSON schemas accept what a real run writes. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { jsonSchemas } from '../../helpers/json-schemas.ts'
import { runRace } from './cli.ts'

const ajv = new Ajv2020({ validateFormats: false })

test('the summary and each line of the history of a run fit their schemas', { tags: ['lab'] }, async () => {
  const { summary, history = '', output } = await runRace()
  const isSummary = ajv.compile(jsonSchemas['schemas/summary.schema.json'] ?? false)
  expect(isSummary(summary), output + ajv.errorsText(isSummary.errors)).toBe(true)
  const isLine = ajv.compile(jsonSchemas['schemas/history-line.schema.json'] ?? false)
  const lines = history.trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(100)
  for (const line of lines) expect(isLine(JSON.parse(line)), `${line}\n${ajv.errorsText(isLine.errors)}`).toBe(true)
})
