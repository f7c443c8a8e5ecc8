/** How an agent is observed, and what cannot be seen so. */
export const observations = ['kernel functions', 'system calls', 'system calls without BTF'] as const
export type Observation = (typeof observations)[number]

/** Completes "observed …". */
export const observationWords: Readonly<Record<Observation, string>> = {
  'kernel functions':
    'at the system calls of the agent’s processes and their children, and in the kernel’s own functions of the map: deletes by any process or eBPF program, and evictions',
  'system calls':
    'at the system calls of the agent’s processes and their children, and at deletes by any other process; not at deletes by eBPF programs, or evictions',
  'system calls without BTF':
    'at the system calls of the agent’s processes; this kernel has no BTF, so new child processes and deletes by other processes are not seen, nor deletes by eBPF programs, or evictions',
}
