/** What the observation of an agent costs other processes on the machine: the probe's programs run at every system call of every process. */
import { run } from '../../fixtures/system/command.ts'
import { startChild } from '../../fixtures/remote/child-program.ts'
import { Hold } from '../../fixtures/remote/probe/hold.ts'
import { median, type Figure } from './figure.ts'

const rounds = 9
/** Each reads a byte and writes it: two system calls, of kinds at which the programs look closer. */
const transfers = 500_000

/** Nanoseconds of processor time a system call, of a program that does little else. */
async function callTime(): Promise<number> {
  const dd = `dd if=/dev/zero of=/dev/null bs=1 count=${transfers} status=none`
  const printed = await run('sh', ['-c', `${dd}; times`])
  // The last line of `times` is the user and the system time of what the shell has started, e.g. 0m0.130000s 0m0.420000s.
  const times = [...(printed.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  const seconds = times.reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0)
  return (seconds * 1e9) / (2 * transfers)
}

async function observedCallTime(pid: number): Promise<number> {
  const hold = new Hold({ pid, map: { id: 0, keyBytes: 24 } }, () => {})
  try {
    return await callTime()
  } finally {
    hold.end()
  }
}

export async function observationFigure(): Promise<Figure> {
  const agent = startChild(['sleep', '1000'], { PATH: process.env['PATH'] ?? '' })
  const alone: number[] = []
  const observed: number[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      alone.push(await callTime())
      observed.push(await observedCallTime(agent.pid))
    }
  } finally {
    agent.kill()
  }
  const [value, floor] = [median(observed), median(alone)]
  return {
    what: `system call of another process: ${(value / floor).toFixed(2)} × unobserved`,
    value,
    unit: 'ns',
    floor: { what: 'while no agent is observed', value: floor },
    goal: { text: '≤ 2 ×', met: value <= 2 * floor },
  }
}
