/** The memory of a program as Kubernetes counts that of a container: its working set in a control group of its own. */
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms } from '../../helpers/units.ts'

/** The files of a memory group, in the two versions of control groups (kernel, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst). */
const versions = [
  { root: '/sys/fs/cgroup', has: 'cgroup.controllers', usage: 'memory.current', inactiveFile: 'inactive_file' },
  { root: '/sys/fs/cgroup/memory', has: '', usage: 'memory.usage_in_bytes', inactiveFile: 'total_inactive_file' },
] as const

export class MemoryGroup implements AsyncDisposable {
  readonly #folder: string
  readonly #version: (typeof versions)[number]
  #peak = 0

  /** @param name of the group @throws if this machine has no memory groups, or this process may not make one */
  constructor(name: string) {
    const version = versions.find(({ root, has }) => existsSync(join(root, has)))
    if (!version) throw new Error('memory cannot be measured: this machine has no control groups in /sys/fs/cgroup')
    this.#version = version
    this.#folder = join(version.root, name)
    // In version 2, the root says which controllers its groups have. On a machine with systemd, memory is one of them.
    const controllers = join(version.root, 'cgroup.subtree_control')
    if (existsSync(controllers) && !/\bmemory\b/.test(readFileSync(controllers, 'latin1')))
      throw new Error(`memory cannot be measured: echo +memory >${controllers} lets groups count it`)
    mkdirSync(this.#folder)
  }

  /** A shell command that moves the shell into the group. */
  get enter(): string {
    return `echo $$ >${join(this.#folder, 'cgroup.procs')}`
  }

  /** The largest working set that was looked at, in megabytes. */
  get peakMegabytes(): number {
    return this.#peak / 1e6
  }

  /** Looks at the working set: all that is used, without pages of files that the kernel may drop (kubelet, cAdvisor). */
  look(): void {
    const read = (name: string): string => readFileSync(join(this.#folder, name), 'latin1')
    const droppable = new RegExp(`^${this.#version.inactiveFile} (\\d+)$`, 'm').exec(read('memory.stat'))?.[1]
    this.#peak = Math.max(this.#peak, Number(read(this.#version.usage)) - Number(droppable))
  }

  /** Waits for the end of the group's processes, and removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await waitFor({
      condition: `${this.#folder} can be removed`,
      deadline: ms(5000),
      check: () => (isRemoved(this.#folder) ? true : undefined),
      last: () => 'its processes have not ended',
    })
  }
}

/** The kernel refuses it as long as a process of the group is ending. */
function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EBUSY') return false
    throw error
  }
}
