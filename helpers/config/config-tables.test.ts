import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { documentedTables, withTables } from './config-tables.ts'
import { configSchema, fieldNames } from './schema.ts'
import { variableNames } from './variables.ts'

test.for(documentedTables)('the tables of $file are current; if not: npm run docs', ({ file, tables }) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  expect(withTables(text, tables)).toBe(text)
})

test('every field and every variable is in exactly one table', () => {
  const all = documentedTables.flatMap(({ tables }) => Object.values(tables)).join('')
  const rows = [...all.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name)
  expect(rows).toHaveLength(fieldNames.length + variableNames.length)
  expect(new Set(rows)).toEqual(new Set<string>([...fieldNames, ...variableNames]))
})

test.for(fieldNames)('%s has a description', (field) => {
  expect(configSchema.shape[field].description).toMatch(/\.$/)
})

test('a page without the comments around a table is refused', () => {
  expect(() => withTables('# Title\n', { fields: '' })).toThrow('the page has no place for the table "fields"')
})
