/** Checkouts of the real agent for specs: copies of a release's module, changed in one place. */
import { chmodSync, cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { z } from 'zod'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import type { fixed } from '../npa-releases.ts'
import { runRace, type CliResult } from './cli.ts'

const downloaded = z.object({ Dir: z.string() })

export interface Checkout extends Disposable {
  readonly folder: string
}

/** A change of one file: every `from` becomes `to`. */
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

/** @param version e.g. `v1.4.1` @throws when a change finds nothing to change */
export async function checkoutOf(version: string, changes: readonly Change[]): Promise<Checkout> {
  const module = `github.com/aws/aws-network-policy-agent@${version}`
  const { Dir } = downloaded.parse(JSON.parse(await run('go', ['mod', 'download', '-json', module])))
  using made = new DisposableStack()
  const folder = made.use(temporaryFolder('checkout')).path
  cpSync(Dir, folder, { recursive: true })
  await run('chmod', ['-R', 'u+w', folder]) // Go keeps modules read-only.
  for (const { file, from, to } of changes) {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    if (!text.includes(from)) throw new Error(`${file} of ${version} has no "${from}"`)
    chmodSync(path, 0o644)
    writeFileSync(path, text.replaceAll(from, to))
  }
  return keep(folder, made)
}

/** A PATH on which everything is found that is on ours, but for these programs. */
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

/** For who asked for it; until then it is gone with whatever is thrown. */
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
