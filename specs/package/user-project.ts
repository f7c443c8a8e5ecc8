/** A user's project, in a temporary folder, into which the packed tarball is installed. */
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { run } from '../../fixtures/system/command.ts'
import { suiteFolder } from '../../fixtures/system/own-files.ts'
import { systemPath } from '../../fixtures/system/paths.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { cleanEnvironment } from '../suite/cli.ts'
import manifest from '../../package.json' with { type: 'json' }

export interface CommandResult {
  readonly exitCode: number
  /** Standard output and standard error. */
  readonly output: string
}

/** Starts a command where the checkout cannot be reached: an empty file system covers its folder. Arguments: checkout, folder, command. */
const covered = 'mount -t tmpfs none "$1" && cd "$2" && shift 2 && exec "$@"'

export class UserProject implements Disposable {
  readonly #folder = temporaryFolder('package')
  readonly path = join(this.#folder.path, 'project')
  /** Node, outside of the checkout. */
  readonly #programs = join(this.#folder.path, 'bin')

  readonly #tarball: string[] = []

  /** @param files by path, the content of each */
  constructor(files: Readonly<Record<string, string>>) {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, file)), { recursive: true })
      writeFileSync(join(this.path, file), content)
    }
    mkdirSync(this.#programs)
    copyFileSync(realpathSync(process.execPath), join(this.#programs, 'node'))
  }

  /** The files of the package, by their paths in it. */
  get tarball(): readonly string[] {
    return this.#tarball
  }

  /** Packs the checkout, and installs the tarball and what a project with types has. */
  async install(): Promise<void> {
    const limit = { timeoutSeconds: 120 }
    await run('npm', ['pack', '--pack-destination', this.#folder.path], { ...limit, folder: suiteFolder })
    const tarball = join(this.#folder.path, `${manifest.name}-${manifest.version}.tgz`)
    const { typescript, '@types/node': types } = manifest.devDependencies
    const more = [`typescript@${typescript}`, `@types/node@${types}`]
    const flags = ['--save-dev', '--prefer-offline', '--no-audit', '--no-fund']
    const { exitCode, output } = await this.command(['npm', 'install', ...flags, tarball, ...more])
    if (exitCode !== 0) throw new Error(`the package could not be installed:\n${output}`)
    const files = (await run('tar', ['-tf', tarball])).trim().split('\n')
    this.#tarball.push(...files.map((file) => file.replace(/^package\//, '')))
  }

  /** Runs a command in the folder of the project. */
  command(command: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    const path = systemPath.split(delimiter).filter((folder) => !folder.startsWith(suiteFolder))
    const env = {
      // What npm sets for the scripts of the checkout is not for this project.
      ...Object.fromEntries(
        Object.entries(cleanEnvironment()).filter(
          ([name]) =>
            !/^(npm_(lifecycle|package|command|execpath|node)|npm_config_local|INIT_CWD|NODE_COMPILE)/.test(name),
        ),
      ),
      PATH: [this.#programs, ...path].join(delimiter),
      NO_COLOR: '1',
      ...settings,
    }
    const args = ['--mount', 'sh', '-c', covered, 'sh', suiteFolder, this.path, ...command]
    return new Promise((resolve) => {
      const options = { env, maxBuffer: 100e6, timeout: 240_000 }
      execFile('unshare', args, options, (error, stdout, stderr) =>
        resolve({ exitCode: error ? Number(error.code ?? 143) : 0, output: stdout + stderr }),
      )
    })
  }

  /** Lists the files of the installed package, and when each was changed. */
  packageFiles(): readonly string[] {
    const folder = join(this.path, 'node_modules/npa-race')
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => `${file} ${statSync(join(folder, file)).mtimeMs}`)
      .toSorted()
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]()
  }
}
