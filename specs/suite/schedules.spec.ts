/** Schedules on the command line: `explore` prints what the model finds, and `run --schedule` tries a schedule on the kernel. */
import { describe, expect, test } from 'vitest'
import { candidates, cleanups, matrixDepth } from '../../helpers/model/matrix.ts'
import { modelTable } from '../../helpers/model/table.ts'
import { npaRace } from './cli.ts'

describe('npa-race explore', () => {
  test('prints the table, and a picture of each schedule that loses', async () => {
    const { exitCode, output } = await npaRace(['explore'])
    expect(exitCode, output).toBe(0)
    const table = modelTable([...cleanups, ...candidates], matrixDepth)
    expect(output).toContain(table)
    // Seven cleanups, each with its windows; some of their schedules have two orders.
    expect(table.match(/ reply`/g)).toHaveLength(26)
    expect(output.match(/finds no map entry: DROPPED/g)).toHaveLength(26)
  })

  test('explores one agent to a depth', async () => {
    const { exitCode, output } = await npaRace(['explore', '--agent', 'reference:consecutive-miss', '--depth', '8'])
    expect(exitCode, output).toBe(0)
    expect(output).toContain('| `consecutive-miss` | none within 8 steps |')
  })

  test('explores an agent that only checks the suite', async () => {
    const { exitCode, output } = await npaRace(['explore', '--agent', 'reference:never-deletes'])
    expect(exitCode, output).toBe(0)
    expect(output).toContain('| `never-deletes` | none within 12 steps | for ever |')
  })

  test.for([
    [
      ['--agent', 'reference:nope'],
      '--agent reference:nope: the model does not have it; name one of reference:immediate',
    ],
    [['--depth', 'deep'], '--depth deep: must be a whole number from 2 to 60'],
  ] as const)('%s: exit 3', async ([flags, why]) => {
    const { exitCode, output } = await npaRace(['explore', ...flags])
    expect(exitCode).toBe(3)
    expect(output).toContain(why)
  })
})

describe('npa-race run --schedule', { tags: ['lab'] }, () => {
  const consecutiveMiss = { RACE_AGENT: 'reference:consecutive-miss' }

  test.for([
    ['open hydrate expire hold:after-snapshot reuse release reply', 0, 'The subject lost no flow in 2 attempts'],
    ['open hydrate expire compare hydrate hold:after-snapshot reuse release reply', 1, 'RACE REPRODUCED'],
  ] as const)('%s: exit %i', async ([schedule, exitCode, words]) => {
    const result = await npaRace(['run', '--schedule', schedule], consecutiveMiss)
    expect(result.exitCode, result.output).toBe(exitCode)
    expect(result.output).toContain(words)
    expect(result.summary?.cohorts[1]).toMatchObject({ schedule, attempts: 2, valid: 2 })
  })

  test('names a step that this agent does not reach', async () => {
    const schedule = 'open hydrate expire hold:after-reread reuse release reply'
    const { exitCode, output } = await npaRace(['run', '--schedule', schedule], {
      ...consecutiveMiss,
      RACE_ITERATIONS: '1',
    })
    expect(exitCode, output).toBe(2)
    expect(output).toContain('INVALID, the agent has no re-read (step 4 (hold:after-reread): ')
  })

  test('names a step that cannot be enforced, and changes nothing', async () => {
    const { exitCode, output, history } = await npaRace(['run', '--schedule', 'open expire expire reply'])
    expect(exitCode, output).toBe(3)
    expect(output).toContain(
      'cannot be enforced: step 3 (expire): no flow is in the kernel’s table, so none can expire',
    )
    expect(history).toBeUndefined()
  })
})
