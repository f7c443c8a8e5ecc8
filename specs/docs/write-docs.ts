/** `npm run docs`: writes the tables of the configuration and of the kernels into the README files, and the JSON schemas into `schemas/`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { documentedTables, withTables } from '../../helpers/config/config-tables.ts'
import { jsonSchemas, schemaText } from '../../helpers/json-schemas.ts'
import { readResults } from '../kernels/results.ts'
import { kernelPages } from '../kernels/table.ts'

const root = new URL('../../', import.meta.url)

for (const { file, tables } of [...documentedTables, ...kernelPages(readResults())]) {
  const path = new URL(file, root)
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), tables))
}
mkdirSync(new URL('schemas/', root), { recursive: true })
for (const [file, schema] of Object.entries(jsonSchemas)) writeFileSync(new URL(file, root), schemaText(schema))
