/** What the observation of an agent costs other processes on the machine: the probe's programs run at every system call of every process. */
import { startChild } from '../../fixtures/remote/child-program.ts'
import { Hold } from '../../fixtures/remote/probe/hold.ts'
import { callTime } from './call-time.ts'
import { median, type Figure } from './figure.ts'

const rounds = 9
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
