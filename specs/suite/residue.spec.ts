/** However a run ends, it leaves this machine as it was. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { npaRace, runRace } from './cli.ts'
import { residue } from './residue.ts'

const many = { RACE_ITERATIONS: '500' }
const underWay = 'attempt 1 of 500'

describe('nothing is left behind', { tags: ['lab'] }, () => {
  test('after a normal end, with timeouts of its own', async () => {
    const before = residue()
    const { exitCode, output } = await runRace({
      RACE_EXPIRY: 'natural',
      RACE_KERNEL_TIMEOUT: '1',
      RACE_ITERATIONS: '1',
    })
    expect(exitCode, output).toBe(0)
    expect(residue()).toEqual(before)
  })

  test('after an agent that dies while it is under test: exit 1, with its last words', async () => {
    using folder = temporaryFolder('dying')
    const order = join(folder.path, 'order')
    const script = 'until [ -e "$0" ]; do sleep 0.1; done; echo out of luck >&2; exit 7'
    const before = residue()
    const { exitCode, output } = await runRace(
      { RACE_AGENT: JSON.stringify({ command: ['sh', '-c', script, order] }), RACE_VERBOSE: 'true' },
      {
        args: ['specs/race', '-t', 'subject'],
        at: { when: 'retention 1: open', run: async () => writeFileSync(order, '') },
      },
    )
    expect(exitCode, output).toBe(1)
    expect(output).toContain('out of luck')
    expect(residue()).toEqual(before)
  })

  test.for([
    { what: 'its set-up', settings: {}, limit: '100', while: ' while setting up "testbed"' },
    // A thousand holds in a row take seconds; no other test takes as long.
    {
      what: 'an attempt',
      settings: { RACE_CONNECTIONS_PER_WAVE: '1000', RACE_AGENT: 'reference:last-seen', RACE_WINDOW: 'after-reread' },
      limit: '2000',
      while: '',
    },
  ])('after a test that timed out in $what', async ({ settings, limit, while: awaited }) => {
    const before = residue()
    // On a slow machine, the limit would be multiplied.
    const inTime = { ...settings, RACE_PATIENCE: '1' }
    const { exitCode, output } = await runRace(inTime, { args: ['specs/race', `--testTimeout=${limit}`] })
    expect(output).toContain(`Test timed out in ${limit}ms${awaited}.`)
    expect(exitCode, output).toBe(1)
    expect(residue()).toEqual(before)
  })

  test.for(['SIGINT', 'SIGTERM'] as const)('after %s: exit 130', async (signal) => {
    const before = residue()
    const { exitCode, output, summary } = await runRace(many, { kill: { signal, when: underWay } })
    expect(exitCode, output).toBe(130)
    expect(summary?.verdict).toBe('interrupted')
    expect(residue()).toEqual(before)
  })

  test('after SIGKILL, once npa-race cleanup has run', async () => {
    await npaRace(['cleanup']) // Removes first what earlier runs may have left.
    const before = residue()
    const { exitCode } = await runRace(many, { kill: { signal: 'SIGKILL', when: underWay } })
    expect(exitCode).toBe(137)
    const killed = residue()
    expect(killed.networkNamespaces.length).toBe(before.networkNamespaces.length + 3)
    const cleanup = await npaRace(['cleanup'])
    expect(cleanup.exitCode, cleanup.output).toBe(0)
    expect(cleanup.output).toMatch(/undone: network-namespace npa-race-/)
    expect(residue()).toEqual(before)
  })

  test('npa-race cleanup leaves a run alone that is still running', async () => {
    const running = runRace({ RACE_ITERATIONS: '60' })
    const started = residue()
    let cleanup = await npaRace(['cleanup'])
    while (!cleanup.output.includes('still running') && cleanup.output.includes('nothing was left'))
      cleanup = await npaRace(['cleanup'])
    expect(cleanup.output).toContain('left alone')
    const { exitCode, output } = await running
    expect(exitCode, output).toBe(0)
    expect(residue()).toEqual(started)
  })
})

test('two runs at the same time do not disturb each other', { tags: ['lab'] }, async () => {
  const before = residue()
  const [one, other] = await Promise.all([
    runRace({ RACE_ITERATIONS: '10' }),
    runRace({ RACE_ITERATIONS: '10', RACE_FLOW: 'udp-request' }),
  ])
  expect(one.exitCode, one.output).toBe(0)
  expect(other.exitCode, other.output).toBe(0)
  expect(residue()).toEqual(before)
})
