/**
 * What actionlint says about the workflows: those of this repository, and the one of the gate, as its READMEs have it, and the action in it, as they
 * would stand in a repository of the agent.
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
const action = readFileSync(join(root, '.github/actions/race-gate/action.yml'), 'utf8')
/** @param file that has it, below the root */
const workflowIn = (file: string): string | undefined =>
  /```yaml\n([\s\S]*?race-gate\n[\s\S]*?)```/.exec(readFileSync(join(root, file), 'utf8'))?.[1]

const test = base.extend('repository', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'npa-race-lint-'))
  onCleanup(() => rmSync(folder, { recursive: true }))
  for (const name of ['.git', '.github/workflows']) mkdirSync(join(folder, name), { recursive: true })
  // Where the workflow checks the suite out.
  cpSync(join(root, '.github'), join(folder, 'npa-race/.github'), { recursive: true })
  return folder
})

/** @returns what it finds; nothing where all is well */
const lint = (repository: string, text: string): Promise<string> => {
  const file = join(repository, '.github/workflows/race.yml')
  writeFileSync(file, text)
  return run('go', ['run', actionlint, '-no-color', file], { timeoutSeconds: 300, accept: [0, 1] })
}

const options = { tags: ['npa' as const], timeout: 300_000 }

test.for(['README.md', '.github/actions/race-gate/README.md'])(
  'the workflow of %s is clean, and knows the inputs of the action',
  options,
  async (file, { repository }) => {
    const workflow = workflowIn(file)
    expect(workflow).toBeDefined()
    expect(await lint(repository, workflow ?? '')).toBe('')
    const mistaken = workflow?.replace(/path: agent( \}\n|\n)$/, 'folder: agent$1') ?? ''
    expect(await lint(repository, mistaken)).toContain('input "folder" is not defined in action')
  },
)

const workflows = readdirSync(join(root, '.github/workflows'))

test.for(workflows)(
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

test('the steps of the action are clean', options, async ({ repository }) => {
  expect(await lint(repository, asWorkflow(action))).toBe('')
  const unknownOutput = asWorkflow(action).replace('steps.race.outputs.verdict', 'steps.rice.outputs.verdict')
  expect(await lint(repository, unknownOutput)).toContain('property "rice" is not defined')
})
