/** Runs the real command line as a user would, in an environment without this run's own settings. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, inject } from 'vitest'
import '../../fixtures/run/run-context.ts'
import { summarySchema, type Summary } from '../../helpers/judge/summary.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const command = join(root, 'fixtures/cli/npa-race.ts')

export interface CliResult {
  /** The exit code; 128 + signal if the program was killed, as in a shell. */
  readonly exitCode: number
  readonly output: string
  /** What the run has written; undefined if it ended before that. */
  readonly summary: Summary | undefined
  readonly history: string | undefined
  readonly junit: string | undefined
}

export interface CliOptions {
  readonly args?: readonly string[]
  /** A program and arguments that start the command, e.g. `unshare --user`. */
  readonly before?: readonly string[]
  /** A signal to send as soon as the output contains this text. */
  readonly kill?: { readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'; readonly when: string }
  /** Closes standard output as soon as the output contains this text, as `head` does. */
  readonly close?: string
  /** An action for the moment when the output first contains this text. The run continues during it. */
  readonly at?: { readonly when: string; readonly run: () => Promise<unknown> }
  /** The folder for results; default: a temporary folder. */
  readonly folder?: string
  /** The folder in which the command is started; default: the checkout. */
  readonly startIn?: string
  /** The signal of a test that is concurrent. It ends this run if the test times out. */
  readonly signal?: AbortSignal
}

/** Programs that have not ended yet, and their ends, without those of concurrent tests. */
const running = new Map<ChildProcess, Promise<unknown>>()

// A test that times out does not end its run. Without this, the run would continue during the next test.
afterEach(async () => {
  for (const child of running.keys()) child.kill('SIGTERM')
  await Promise.allSettled(running.values())
}, 240_000)

/** A small run: two attempts with a few flows are enough to show an exit code. */
const small = { RACE_ITERATIONS: '2', RACE_CONNECTIONS_PER_WAVE: '4' }

/** Returns this process's environment without the settings of this run, but with its cluster. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const { kubeconfig } = inject('race')
  return {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(RACE_|VITEST|NODE_OPTIONS|TEST$|CI$|FORCE_COLOR)/.test(name)),
    ),
    ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }),
  }
}

/** Runs `vitest run specs/race` with these settings. */
export const runRace = (
  settings: Readonly<Record<string, string>> = {},
  options: CliOptions = {},
): Promise<CliResult> => start([vitest, 'run', ...(options.args ?? ['specs/race'])], settings, options)

/** Runs `npa-race <args>`. */
export const npaRace = (
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
  options: CliOptions = {},
): Promise<CliResult> => start([command, ...args], settings, options)

async function start(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  options: CliOptions,
): Promise<CliResult> {
  using own = options.folder === undefined ? temporaryFolder('suite') : undefined
  const folder = own?.path ?? options.folder ?? ''
  const env = { ...cleanEnvironment(), ...small, RACE_RESULTS_DIR: folder, NO_COLOR: '1', ...settings }
  const whole = [...(options.before ?? []), process.execPath, ...args]
  const { exitCode, output } = await run(whole, env, options)
  const read = (name: string): string | undefined => {
    const file = join(folder, 'latest', name)
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, 'utf8') : undefined
  }
  const summary = read('summary.json')
  return {
    exitCode,
    output,
    summary: summary === undefined ? undefined : summarySchema.parse(JSON.parse(summary)),
    history: read('history.jsonl'),
    junit: read('junit.xml'),
  }
}

function run(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  { kill, at, close, startIn = root, signal }: Pick<CliOptions, 'kill' | 'at' | 'close' | 'startIn' | 'signal'>,
): Promise<{ exitCode: number; output: string }> {
  const child = spawn(program, args, { cwd: startIn, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let killed = false
  let done: Promise<unknown> | undefined
  const take = (text: string): void => {
    output += text
    if (close !== undefined && output.includes(close)) child.stdout.destroy()
    if (at && output.includes(at.when)) done ??= at.run()
    if (!kill || killed || !output.includes(kill.when)) return
    killed = true
    child.kill(kill.signal)
  }
  child.stdout.setEncoding('utf8').on('data', take)
  child.stderr.setEncoding('utf8').on('data', take)
  const ended = new Promise<{ exitCode: number; output: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, endedBy) => {
      const result = { exitCode: code ?? (endedBy === 'SIGKILL' ? 137 : 143), output }
      Promise.resolve(done).then(() => resolve(result), reject)
    })
  })
  if (signal) signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
  else running.set(child, ended)
  return ended.finally(() => running.delete(child))
}
