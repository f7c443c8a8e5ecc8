/** `npm run docs`: writes the tables of the configuration into the README files. */
import { readFileSync, writeFileSync } from 'node:fs'
import { documentedTables, withTables } from '../../helpers/config/config-tables.ts'

const root = new URL('../../', import.meta.url)

for (const { file, tables } of documentedTables) {
  const path = new URL(file, root)
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), tables))
}
