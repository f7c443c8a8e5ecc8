/**
 * What actionlint says about workflows: those of this repository, that of the README and those in `examples/`, with the actions in them, as they would stand in
 * a repository of the agent.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test as base } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { run } from '../../fixtures/system/command.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const actionlint = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12'
const fileText = (file: string): string => readFileSync(join(root, file), 'utf8')
const action = fileText('action.yml')
const commentAction = fileText('.github/actions/test-comment/action.yml')

/** The workflow in the README, and those that users copy. */
const workflows: Readonly<Record<string, string>> = {
  'README.md': /```yaml\n([\s\S]*?OWNER\/npa-race@[\s\S]*?)```/.exec(fileText('README.md'))?.[1] ?? '',
  'examples/gate.yml': fileText('examples/gate.yml'),
  'examples/gate-comment.yml': fileText('examples/gate-comment.yml'),
}
/** actionlint reads the inputs of an action only if it is in the same repository. */
const withLocalActions = (workflow: string): string => workflow.replaceAll(/OWNER\/(npa-race[^@]*)@v1/g, './$1')

const test = base.extend('repository', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'npa-race-lint-'))
  onCleanup(() => rmSync(folder, { recursive: true }))
  for (const name of ['.git', '.github/workflows']) mkdirSync(join(folder, name), { recursive: true })
  // Where the workflow checks the suite out.
  for (const name of ['.github', 'action.yml'])
    cpSync(join(root, name), join(folder, 'npa-race', name), { recursive: true })
  return folder
})

/** @returns what it finds; nothing where all is well */
const lint = (repository: string, text: string): Promise<string> => {
  const file = join(repository, '.github/workflows/race.yml')
  writeFileSync(file, text)
  return run('go', ['run', actionlint, '-no-color', file], { timeoutSeconds: 300, accept: [0, 1] })
}

const options = { tags: ['npa' as const], timeout: 300_000 }

test.for(Object.entries(workflows))(
  'the workflow of %s is clean, and knows the inputs of the action',
  options,
  async ([, workflow], { repository }) => {
    expect(await lint(repository, workflow)).toBe('')
    const local = withLocalActions(workflow)
    expect(await lint(repository, local)).toBe('')
    const mistaken = local.replace(/path: agent( \}\n|\n)(?![^]*path: agent)/, 'folder: agent$1')
    expect(await lint(repository, mistaken)).toContain('input "folder" is not defined in action')
  },
)

const ownWorkflows = readdirSync(join(root, '.github/workflows'))

test.for(ownWorkflows)(
  '.github/workflows/%s is clean, and all its actions are pinned',
  options,
  async (name, { repository }) => {
    const text = readFileSync(join(root, '.github/workflows', name), 'utf8')
    expect(await lint(repository, text)).toBe('')
    const used = [...text.matchAll(/uses: (.*)/g)].map(([, each = '']) => each)
    expect(used.filter((each) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v[\d.]+$/.test(each))).toEqual([])
    expect(await lint(repository, text.replace('runs-on: ubuntu-24.04', 'runs-on: ubuntu-9'))).toContain(
      'label "ubuntu-9" is unknown',
    )
  },
)

test.for([['action.yml', action], ...Object.entries(workflows).slice(1)])(
  'the actions that %s uses are pinned by the full SHA of a commit',
  ([, text = '']) => {
    const uses = [...text.matchAll(/^[ -]+uses: (\S+)(.*)/gm)].filter(([, name = '']) => !name.startsWith('OWNER/'))
    expect(uses.length).toBeGreaterThan(0)
    for (const [, name, comment] of uses) {
      expect(name).toMatch(/@[\da-f]{40}$/)
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/)
    }
  },
)

test.for([
  ['examples/gate.yml', 'conntrack-race-${{ github.event.pull_request.number }}'],
  ['examples/gate-comment.yml', 'conntrack-race-${{ needs.comment.outputs.commit }}'],
] as const)('runs of the same pull request or commit replace each other: %s', ([file, group]) => {
  // In a run that a comment starts, github.ref is the default branch.
  expect([...fileText(file).matchAll(/^ *group: (.*)$/gm)].map(([, text]) => text)).toEqual([group])
})

test('only events that keep a cache to themselves save one', () => {
  const steps = action.split(/^    - /m)
  const saving = steps.filter(
    (step) => step.includes('actions/cache/save@') || step.startsWith('uses: actions/setup-go@'),
  )
  expect(saving).toHaveLength(3)
  for (const step of saving)
    expect(step).toContain("github.event_name == 'pull_request' || github.event_name == 'push'")
  expect(steps.filter((step) => step.includes('actions/cache@'))).toEqual([])
})

const composite = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string().optional() })),
  outputs: z.record(z.string(), z.object({ value: z.string() })),
  runs: z.object({ steps: z.array(z.unknown()) }),
})

/** actionlint checks an action's steps only where they stand in a workflow: one with the same inputs, steps and outputs. */
function asWorkflow(text: string): string {
  const { inputs, outputs, runs } = composite.parse(parse(text))
  const given = Object.entries(inputs).map(([name, input]) => [name, { ...input, type: 'string' }])
  const named = Object.entries(outputs).map(([name, { value }]) => [name, value])
  return stringify({
    on: { workflow_call: { inputs: Object.fromEntries(given) } },
    permissions: {},
    jobs: { gate: { 'runs-on': 'ubuntu-24.04', outputs: Object.fromEntries(named), steps: runs.steps } },
  })
}

test('the steps of the actions are clean', options, async ({ repository }) => {
  expect(await lint(repository, asWorkflow(action))).toBe('')
  expect(await lint(repository, asWorkflow(commentAction))).toBe('')
  const unknownOutput = asWorkflow(action).replace('steps.race.outputs.verdict', 'steps.rice.outputs.verdict')
  expect(await lint(repository, unknownOutput)).toContain('property "rice" is not defined')
})
