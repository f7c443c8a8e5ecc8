/** The pages in `examples/`: their commands have only flags, settings and paths that exist. Other specs run the agents, the spec and the workflows. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../fixtures/system/command.ts'
import { suiteFolder } from '../../fixtures/system/own-files.ts'
import { findWorking, pathsOf } from '../../fixtures/system/working-program.ts'
import { configSchema, variableOf } from '../../helpers/config/schema.ts'
import { variableNames } from '../../helpers/config/variables.ts'
import { npaRace } from './cli.ts'

const textOf = (file: string): string => readFileSync(join(suiteFolder, file), 'utf8')
const pages = globSync('examples/**/*.md', { cwd: suiteFolder })

/** One command line of a page, in words as a shell reads them. */
interface PageCommand {
  readonly page: string
  readonly settings: readonly string[]
  readonly words: readonly string[]
}

const isSetting = (word: string): boolean => /^[A-Z_]+=/.test(word)

const commands: readonly PageCommand[] = pages.flatMap((page) =>
  [...textOf(page).matchAll(/^ *```sh\n([^]*?)^ *```$/gm)]
    .flatMap(([, block = '']) => block.trim().split('\n'))
    .map((line) => (line.match(/(?:'[^']*'|[^'\s])+/g) ?? []).map((word) => word.replaceAll("'", '')))
    .map((words) => ({ page, settings: words.filter(isSetting), words: words.filter((word) => !isSetting(word)) })),
)
const of = (...first: readonly string[]): readonly PageCommand[] =>
  commands.filter(({ words }) => first.every((word, index) => words[index] === word))

const options = { tags: ['short' as const] }

test('every command of a page is checked by a test below', options, () => {
  const known = new Set(['npx npa-race', 'npx vitest', 'k3d cluster', 'kubectl -n', 'go build'])
  for (const { words } of commands) expect(known).toContain(words.slice(0, 2).join(' '))
})

test('settings are fields of the configuration', options, () => {
  const known = new Set<string>([...Object.keys(configSchema.shape).map(variableOf), ...variableNames])
  for (const { settings } of commands)
    for (const setting of settings) expect(known).toContain(setting.replace(/=.*/s, ''))
})

test('paths exist', options, () => {
  for (const { words } of [...of('npx', 'vitest', 'run'), ...of('go', 'build')])
    expect(existsSync(join(suiteFolder, words.at(-1) ?? ''))).toBe(true)
  for (const page of pages)
    for (const [, path = ''] of textOf(page).matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(existsSync(join(suiteFolder, dirname(page), path)), `${page}: ${path}`).toBe(true)
})

describe('commands of npa-race', options, () => {
  test.for(of('npx', 'npa-race').map(({ words }) => words.slice(2)))('%j', async ([command = '', ...rest]) => {
    const { exitCode, output } = await npaRace([command, '--help'])
    expect(exitCode, output).toBe(0)
    expect(output).toContain(`Usage: npa-race ${command}`)
    for (const flag of rest.filter((word) => word.startsWith('-')))
      expect(output).toMatch(new RegExp(`^  (-., )?${flag}\\b`, 'm'))
  })
})

test('k3d is given the arguments that a run gives it', options, () => {
  const provider = textOf('fixtures/targets/providers/k3d.ts')
  const created = of('k3d', 'cluster', 'create')
  expect(created).toHaveLength(1)
  for (const { words } of [...created, ...of('k3d', 'cluster', 'delete')])
    for (const word of words.slice(1).filter((part) => part !== 'race')) expect(provider).toContain(`'${word}'`)
})

const hasKubectl = findWorking(pathsOf('kubectl'), '--help').path !== undefined

test.skipIf(!hasKubectl)(`kubectl knows its flags${hasKubectl ? '' : ' (skipped: kubectl is missing)'}`, async () => {
  for (const { words } of of('kubectl')) {
    const why = run('kubectl', words.slice(1), { env: { KUBECONFIG: '/dev/null' } })
    // Without a cluster it fails, but only after it has read its arguments.
    await expect(why).rejects.toThrow(/connection .*refused|couldn't get|Unable to connect/i)
  }
})
