/** Makes checkouts of the real agent for specs: copies of a release's Go module with a few changes. */
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { z } from 'zod'
import { copySource } from '../../fixtures/agents/npa/source.ts'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import type { fixed } from '../npa-releases.ts'
import { runRace, type CliResult } from './cli.ts'

const downloaded = z.object({ Dir: z.string() })

export interface Checkout extends Disposable {
  readonly folder: string
}

/** A change of one file: every `from` is replaced by `to`. */
export interface Change {
  readonly file: string
  readonly from: string
  readonly to: string
}

/** The file of the agent's cleanup. */
export const cleanup = 'pkg/ebpf/conntrack/conntrack_client.go'
/** Takes the fix of the race out of a release that has it. */
export const noGuard: Change = { file: cleanup, from: 'if c.isEntryActive(', to: 'if false && c.isEntryActive(' }

type Release = typeof fixed

export const settingsOf = ({ agent, go_replace }: Release) => ({
  RACE_AGENT: agent,
  RACE_GO_REPLACE: go_replace.join(','),
})

/** Runs the race specs on a copy of a release with these changes. */
export async function judged(
  release: Release,
  changes: readonly Change[],
  settings: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  using checkout = await checkoutOf(release.agent.replace('npa:', ''), changes)
  return await runRace({ ...settingsOf(release), RACE_AGENT: `npa:${checkout.folder}`, ...settings })
}

/** @param version e.g. `v1.4.1` @returns a folder that is deleted when it is disposed of @throws if a change does not apply */
export async function checkoutOf(version: string, changes: readonly Change[]): Promise<Checkout> {
  const module = `github.com/aws/aws-network-policy-agent@${version}`
  const { Dir } = downloaded.parse(JSON.parse(await run('go', ['mod', 'download', '-json', module])))
  using made = new DisposableStack()
  const folder = made.use(temporaryFolder('checkout')).path
  await copySource(Dir, folder)
  for (const { file, from, to } of changes) {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    if (!text.includes(from))
      throw new Error(`${file} of ${version} has no "${from}" to replace: adapt the change to this release`)
    writeFileSync(path, text.replaceAll(from, to))
  }
  return keep(folder, made)
}

/** Makes a checkout a git repository with one commit and this tag on it. @returns the commit */
export async function commitAs({ folder }: Checkout, tag: string): Promise<string> {
  const git = (...args: string[]) =>
    run('git', ['-C', folder, '-c', 'user.name=spec', '-c', 'user.email=spec@example.org', ...args])
  await git('init', '-q')
  await git('add', '.')
  await git('commit', '-q', '-m', 'A release')
  await git('tag', tag)
  return (await git('rev-parse', 'HEAD')).trim()
}

/** Makes a folder that can be used as PATH: it has links to all programs on our PATH except those whose name matches. */
export function pathWithout(programs: RegExp): Checkout {
  using made = new DisposableStack()
  const folder = made.use(temporaryFolder('path')).path
  const seen = new Set<string>()
  for (const from of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of entries(from)) {
      if (seen.has(name) || programs.test(name)) continue
      seen.add(name)
      symlinkSync(join(from, name), join(folder, basename(name)))
    }
  }
  return keep(folder, made)
}

/** Passes the folder to the caller, who disposes of it. Before this, an error removes the folder. */
function keep(folder: string, made: DisposableStack): Checkout {
  const kept = made.move()
  return { folder, [Symbol.dispose]: () => kept.dispose() }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
