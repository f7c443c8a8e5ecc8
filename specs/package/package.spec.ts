/** The npm package: it is packed, installed into an empty folder, and used there while the checkout cannot be reached. */
import { cpSync, globSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test as base } from 'vitest'
import { suiteFolder } from '../../fixtures/system/own-files.ts'
import { summarySchema } from '../../helpers/judge/summary.ts'
import { archivesSchema, clusterProgram } from './cluster-program.ts'
import { ordinarySpec, program, raceSpec, typescript } from './user-sources.ts'
import { UserProject } from './user-project.ts'

/** Prints what the plugin could have changed in a run: the configuration, the listeners, and the environment of the workers. */
const config = `
import { npaRace } from 'npa-race/vitest'
import { defineConfig } from 'vitest/config'
import type { Reporter, Vitest } from 'vitest/node'

let vitest: Vitest
const state: Reporter = {
  onInit: (started) => void (vitest = started),
  onTestRunEnd() {
    const { tags, tagsFilter, testTimeout, hookTimeout, teardownTimeout, globalSetup, setupFiles } = vitest.config
    const listeners = ['SIGINT', 'SIGTERM', 'exit'].map((event) => process.listenerCount(event))
    const names = Object.keys(process.env).filter((name) => /^RACE_|COMPILE_CACHE/.test(name))
    const config = { tags, tagsFilter, testTimeout, hookTimeout, teardownTimeout, globalSetup, setupFiles }
    console.log('STATE ' + JSON.stringify({ config, listeners, names }))
  },
}

export default defineConfig({
  plugins: process.env['WITHOUT_NPA_RACE'] ? [] : [npaRace()],
  test: { reporters: ['default', state] },
})
`

/** The two blocks of code in the README's section about the package: a configuration of vitest, and a spec. */
const [, readmeConfig = '', , readmeSpec = ''] =
  readFileSync(join(suiteFolder, 'README.md'), 'utf8')
    .split('\n## ')
    .find((section) => section.startsWith('As a package\n'))
    ?.split(/^```(?:ts)?$/m) ?? []

const files = {
  'package.json': JSON.stringify({ name: 'user-project', private: true, type: 'module' }),
  'tsconfig.json': JSON.stringify(typescript),
  'vitest.config.ts': config,
  'readme.config.ts': readmeConfig,
  'race/readme.spec.ts': readmeSpec,
  'src/ordinary.test.ts': ordinarySpec,
  'race/race.spec.ts': raceSpec,
  'src/program.ts': program,
  'cluster-program.js': clusterProgram,
}

const small = { RACE_CONNECTIONS_PER_WAVE: '4' }

const test = base
  .extend('project', { scope: 'file' }, async ({}, { onCleanup }) => {
    const project = new UserProject(files)
    onCleanup(() => project[Symbol.dispose]())
    await project.install()
    return project
  })
  /** The installed command has made a run. */
  .extend('race', { scope: 'file' }, async ({ project }) => {
    const before = project.packageFiles()
    const { exitCode, output } = await project.command(['npx', 'npa-race', 'run', '-i', '1'], small)
    const summary = readFileSync(join(project.path, 'results/latest/summary.json'), 'utf8')
    return { exitCode, output, summary, before, after: project.packageFiles() }
  })

/** What the project's own reporter printed. */
const stateIn = (output: string): object => Object(JSON.parse(/^STATE (.*)$/m.exec(output)?.[1] ?? '{}'))

describe('the npm package', { tags: ['lab'], timeout: 300_000 }, () => {
  test('has no tests, no TypeScript sources, and only the race specs', ({ project }) => {
    const { tarball, path } = project
    expect(tarball.filter((file) => /\.test\.|[^d]\.ts$|example-/.test(file))).toEqual([])
    expect(tarball.filter((file) => file.includes('/specs/') && !file.includes('/specs/race/'))).toEqual([])
    for (const file of tarball.filter((name) => /\.(m?js|d\.ts|json)$/.test(name)))
      expect(readFileSync(join(path, 'node_modules/npa-race', file), 'utf8')).not.toContain(suiteFolder)
  })

  test('does not bring another Node', ({ project }) => {
    const modules = join(project.path, 'node_modules')
    expect(readdirSync(join(modules, '.bin'))).not.toContain('node')
    expect(readdirSync(modules).filter((name) => /node-linux|npa-race-node/.test(name))).toEqual([])
  })

  test('is used where the checkout cannot be reached', async ({ project }) => {
    expect(await project.command(['ls', '-A', suiteFolder])).toEqual({ exitCode: 0, output: '' })
  })

  test('npx npa-race run reproduces the race, and writes only to the folder of the user', ({ race }) => {
    const { exitCode, output, summary, before, after } = race
    expect(exitCode, output).toBe(0)
    expect(summarySchema.parse(JSON.parse(summary)).cohorts).toMatchObject([
      { role: 'control', agent: 'reference:alternating', valid: 1, lost: 4 },
      { role: 'subject', agent: 'reference:last-seen', valid: 1, lost: 0 },
    ])
    expect(output).toContain(' run again: RACE_ITERATIONS=1 RACE_CONNECTIONS_PER_WAVE=4 npx npa-race run\n')
    expect(after).toEqual(before)
  })

  test('npa-race/judge derives the same verdict from the history', async ({ project, race }) => {
    const { exitCode, output } = await project.command(['node', 'src/program.ts'])
    expect(exitCode, output).toBe(0)
    expect(output).toBe(race.summary)
  })

  test('a spec of the user makes attempts, and an ordinary spec in the same run is not changed', async ({
    project,
  }) => {
    const { exitCode, output } = await project.command(['npx', 'vitest', 'run'], { ...small, RACE_ITERATIONS: '1' })
    expect(exitCode, output).toBe(0)
    expect(output).toMatch(/^ +Tests +4 passed \(4\)$/m)
    expect(output).toMatch(/^ PASS /m)
  })

  test('the example in the README works', async ({ project }) => {
    const command = ['npx', 'vitest', 'run', '--config', 'readme.config.ts', 'readme']
    const { exitCode, output } = await project.command(command, small)
    expect(exitCode, output).toBe(0)
    expect(output).toMatch(/^ +Tests +1 passed \(1\)$/m)
  })

  test('the spec in examples/own-spec works', async ({ project }) => {
    const folder = join(project.path, 'own-spec')
    cpSync(join(suiteFolder, 'examples/own-spec'), folder, { recursive: true })
    const command = ['npx', 'vitest', 'run', '--config', 'own-spec/vitest.config.ts', 'own-spec']
    const { exitCode, output } = await project.command(command, small)
    expect(exitCode, output).toBe(0)
    expect(output).toMatch(/^ +Tests +3 passed \(3\)$/m)
    const { exitCode: types, output: errors } = await project.command(['npx', 'tsc'])
    expect(types, errors).toBe(0)
    // The next tests count the specs of the project.
    rmSync(folder, { recursive: true })
  })

  test('has all that a run sends to a cluster, and what install-npa reads', async ({ project }) => {
    const { exitCode, output } = await project.command(['node', 'cluster-program.js'])
    expect(exitCode, output).toBe(0)
    const { peer, probe, watch } = archivesSchema.parse(JSON.parse(output))
    expect(peer).toEqual(['remote/peer/peer.mjs'])
    expect(probe).toEqual(
      expect.arrayContaining([
        'remote/probe/probe.mjs',
        `node_modules/@koromix/koffi-linux-${process.arch}/linux_${process.arch}/koffi.node`,
        'kernel/bpf/hold.x86_64.o',
        'kernel/bpf/hold.arm64.o',
      ]),
    )
    expect(watch).toEqual(
      expect.arrayContaining(['remote/watch-program/watch-program.mjs', 'kernel/bpf/watch.arm64.o']),
    )
    const read = globSync(['kind/*.yaml', 'kind/*Dockerfile', 'kind/*/*.go'], { cwd: suiteFolder })
    expect(project.tarball).toEqual(expect.arrayContaining(read.map((file) => `dist/${file}`)))
  })

  test('RACE_TARGET=kubeconfig without a cluster: exit 3, and the message names the file that is missing', async ({
    project,
  }) => {
    const settings = { RACE_TARGET: 'kubeconfig', KUBECONFIG: '/nowhere/kubeconfig' }
    const { exitCode, output } = await project.command(['npx', 'npa-race', 'run'], settings)
    expect(exitCode, output).toBe(3)
    expect(output).toContain('/nowhere/kubeconfig')
    expect(output).not.toMatch(/ERR_MODULE_NOT_FOUND|Cannot find/)
  })

  test('a run without a race spec is as without the plugin, even if the configuration is wrong', async ({
    project,
  }) => {
    const command = ['npx', 'vitest', 'run', 'src']
    const without = await project.command(command, { WITHOUT_NPA_RACE: 'true' })
    const { exitCode, output } = await project.command(command, { RACE_TARGET: 'moon' })
    expect(exitCode, output).toBe(0)
    expect(stateIn(without.output)).toMatchObject({ config: { testTimeout: 5_000 }, names: [] })
    expect(stateIn(output)).toEqual({ ...stateIn(without.output), names: ['RACE_TARGET'] })
    expect(output).not.toContain('conntrack race')
  })

  test('a race spec that cannot make attempts fails with the reason, and the other specs run', async ({ project }) => {
    const { exitCode, output } = await project.command(['npx', 'vitest', 'run'], { RACE_TARGET: 'moon' })
    expect(exitCode, output).toBe(1)
    expect(output).toContain('RACE_TARGET  target: "moon" must be lab, kind, k3d or kubeconfig')
    expect(output).toMatch(/^ +Test Files +2 failed \| 1 passed \(3\)$/m)
  })

  test('tsc accepts the types', async ({ project }) => {
    const { exitCode, output } = await project.command(['npx', 'tsc'])
    expect(exitCode, output).toBe(0)
  })
})
