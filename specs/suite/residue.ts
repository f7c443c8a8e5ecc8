/** Lists what a run could leave on this machine. Specs compare the lists from before and after a run. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Conntrack } from '../../fixtures/kernel/conntrack.ts'

export interface Residue {
  readonly networkNamespaces: readonly string[]
  readonly links: readonly string[]
  readonly nftables: string
  readonly conntrackTimeouts: readonly string[]
  /** Mounts of eBPF file systems and namespaces, and what is pinned there. */
  readonly mounts: readonly string[]
  readonly pins: readonly string[]
  readonly journals: readonly string[]
  readonly processes: readonly string[]
  readonly rawTracepoints: readonly string[]
}

const entries = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).toSorted() : [])

const output = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8' })

/** The kernel has these settings since its module was loaded. A run loads it if nothing has asked about conntrack before, and it stays. */
function timeouts(): string[] {
  using conntrack = new Conntrack()
  conntrack.dumpRaw(4)
  const folder = '/proc/sys/net/netfilter'
  return entries(folder)
    .filter((name) => name.includes('timeout'))
    .map((name) => `${name}=${readFileSync(`${folder}/${name}`, 'utf8').trim()}`)
}

function mounts(): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => /npa-race|^bpf |^nsfs /.test(line))
    .toSorted()
}

/** Lists the programs of the suite that run: they come from its cached bundles, or are started in its namespaces. vitest’s own workers are not among them. */
function processes(): string[] {
  return entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return /npa-race\/programs-|nsenter --net=\/run\/netns\/npa-race/.test(command) ? [`${pid} ${command}`] : []
      } catch {
        return [] // It has ended in the meantime.
      }
    })
}

/** Lists our eBPF programs that are still attached, by the file descriptors that keep them. */
function rawTracepoints(): string[] {
  return entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) =>
      entriesOf(`/proc/${pid}/fdinfo`).flatMap((fd) => {
        const info = textOf(`/proc/${pid}/fdinfo/${fd}`)
        return info.includes('link_type:\traw_tracepoint') ? [`${pid} ${fd}`] : []
      }),
    )
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

export const residue = (): Residue => ({
  networkNamespaces: entries('/run/netns'),
  links: output('ip', '-brief', 'link')
    .split('\n')
    .map((line) => line.split(/\s/)[0] ?? ''),
  nftables: output('nft', 'list', 'ruleset'),
  conntrackTimeouts: timeouts(),
  mounts: mounts(),
  pins: entries('/sys/fs/bpf'),
  journals: entries('/run/npa-race'),
  processes: processes(),
  rawTracepoints: rawTracepoints(),
})
