/**
 * Builds the npm package into `dist/` (`npm run build`; `npm pack` does it, too). Each source is compiled to a file of the same folder, because the
 * files find each other by their addresses. What is not TypeScript is copied next to it.
 */
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, parse, relative } from 'node:path'
import { referenceAgentFile } from '../../fixtures/agents/start-agent.ts'
import { runAgentFile } from '../../fixtures/agents/npa/start-npa.ts'
import { bundlePath, bundleProgram } from '../../fixtures/remote/program-bundle.ts'
import { watchProgram } from '../../fixtures/install/watch-image.ts'
import { disturbancesFile, programFiles } from '../../fixtures/remote/programs.ts'
import { run } from '../../fixtures/system/command.ts'
import { suiteFolder } from '../../fixtures/system/own-files.ts'
import manifest from '../../package.json' with { type: 'json' }

const dist = join(suiteFolder, 'dist')

/** Files that programs of the package read. Our C code is here, because the licence of the objects asks for their source. */
const assets = [
  'fixtures/kernel/bpf/*.{o,c,h}',
  'fixtures/agents/npa/tools/*',
  'fixtures/targets/lab/container/Dockerfile',
  'fixtures/targets/cluster/rbac/*',
  'kind/{*.yaml,*Dockerfile}',
  'kind/*/*.go',
]
/** Only tests use these. */
const testAssets = 'fixtures/kernel/bpf/example-*'

const programs = [...Object.values(programFiles), disturbancesFile, referenceAgentFile, runAgentFile, watchProgram.file]

rmSync(dist, { recursive: true, force: true })
await run(join(suiteFolder, 'node_modules/.bin/tsc'), ['-p', join(suiteFolder, 'tsconfig.build.json')])
for (const file of globSync(assets, { cwd: suiteFolder, exclude: [testAssets] }))
  cpSync(join(suiteFolder, file), join(dist, file))
for (const program of programs) {
  const file = join(dist, 'fixtures', bundlePath(parse(program).name))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, (await bundleProgram(program)).code)
}
// The compiled files read the version from here, as the sources do from the package.json of the checkout.
const { name, version, type } = manifest
writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ name, version, type })}\n`)
process.stdout.write(`built ${relative(process.cwd(), dist)}\n`)
