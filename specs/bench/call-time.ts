/** Measures what a system call takes, of a program that does little else. */
import { run } from '../../fixtures/system/command.ts'

/** Each reads a byte and writes it: two system calls, of kinds at which the programs of a hold look closer. */
const transfers = 500_000

/** Nanoseconds of processor time a system call. */
export async function callTime(): Promise<number> {
  const dd = `dd if=/dev/zero of=/dev/null bs=1 count=${transfers} status=none`
  const printed = await run('sh', ['-c', `${dd}; times`])
  // The last line of `times` is the user and the system time of what the shell has started, e.g. 0m0.130000s 0m0.420000s.
  const times = [...(printed.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  const seconds = times.reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0)
  return (seconds * 1e9) / (2 * transfers)
}
