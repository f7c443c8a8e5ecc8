/** `npm run docs`: writes the tables of the configuration, the cleanups and the kernels into the README files, and the JSON schemas into `schemas/`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { documentedTables, withTables } from '../../helpers/config/config-tables.ts'
import { concurrentResults, concurrentTable } from '../../helpers/model/concurrent/concurrent-table.ts'
import { candidates, cleanups, matrixDepth } from '../../helpers/model/matrix.ts'
import { modelTable } from '../../helpers/model/table.ts'
import { jsonSchemas, schemaText } from '../../helpers/json-schemas.ts'
import { readResults } from '../kernels/results.ts'
import { kernelPages } from '../kernels/table.ts'

const root = new URL('../../', import.meta.url)

const cleanupPage = {
  file: 'specs/cleanup/README.md',
  tables: {
    schedules: modelTable([...cleanups, ...candidates], matrixDepth),
    cleanups: concurrentTable(concurrentResults()),
  },
}

for (const { file, tables } of [...documentedTables, cleanupPage, ...kernelPages(readResults())]) {
  const path = new URL(file, root)
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), tables))
}
mkdirSync(new URL('schemas/', root), { recursive: true })
for (const [file, schema] of Object.entries(jsonSchemas)) writeFileSync(new URL(file, root), schemaText(schema))
