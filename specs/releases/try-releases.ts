/**
 * Tries releases of the real agent, and prints a row of a table for each:
 *
 *   npm run releases -- CLONE REF… [--if-missing module@version=version-or-folder]…
 *
 * CLONE is a clone of aws/aws-network-policy-agent with its tags, and REF anything that git knows there; `all` stands for every tag. A module
 * that a release asks for and that is unavailable is replaced if `--if-missing` names it. Needs what the lab needs, Go and clang.
 */
import { parseArgs } from 'node:util'
import { run } from '../../fixtures/system/command.ts'
import { tryRelease, type Replacement } from './release-trial.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'if-missing': { type: 'string', multiple: true, default: [] } },
})
const [clone, ...refs] = positionals
if (clone === undefined || refs.length === 0)
  throw new Error('name a clone of the agent, and the releases to try: CLONE REF… or CLONE all')

const replacements = values['if-missing'].map((text): Replacement => {
  const [missing = '', by = ''] = text.split(/=(.*)/s)
  return { missing, by }
})

async function tagsOf(repository: string): Promise<string[]> {
  const tags = await run('git', ['-C', repository, 'tag', '--sort=version:refname'])
  return tags.trim().split('\n')
}

process.stdout.write('| release | map | passes | after the snapshot | stale entries | replaced modules |\n')
process.stdout.write('| --- | --- | --- | --- | --- | --- |\n')
for (const ref of refs.includes('all') ? await tagsOf(clone) : refs) {
  const cells = await tryRelease(clone, ref, replacements)
  process.stdout.write(`| ${[ref, ...cells].join(' | ')} |\n`)
}
