/** The lab in a privileged container: the same run, with its results, its exit code, and nothing left. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../fixtures/command.ts'
import { npaRace, runRace, type CliOptions } from './cli.ts'

const hasDocker = await run('docker', ['version']).then(
  () => true,
  () => false,
)
const why = hasDocker ? '' : ' (skipped: needs a Docker daemon)'
/** An attempt in a container takes no longer than on the machine: the kernel is the same. */
const slower = 1.2

const containers = (): Promise<string> =>
  run('docker', ['ps', '--all', '--quiet', '--filter', 'ancestor=npa-race/lab:local'])
const inContainer = (settings: Readonly<Record<string, string>> = {}, options?: CliOptions) =>
  runRace({ RACE_LAB: 'container', ...settings }, options)

describe.skipIf(!hasDocker)(`the lab in a container${why}`, { tags: ['kind'], timeout: 300_000 }, () => {
  test('is the same run, and takes as long', async () => {
    const settings = { RACE_ITERATIONS: '40' }
    const here = await runRace(settings)
    const there = await inContainer(settings)
    // A busy machine is not as fast at all times.
    const again = await runRace(settings)
    expect(there.exitCode, there.output).toBe(0)
    expect(there.output).toContain('lab: in the container npa-race-')
    const cohorts = there.summary?.cohorts ?? []
    expect(cohorts.map(({ lost, exposures }) => ({ lost, exposures }))).toEqual(
      here.summary?.cohorts.map(({ lost, exposures }) => ({ lost, exposures })),
    )
    for (const [index, { attemptMs }] of cohorts.entries()) {
      const onMachine = [here, again].map(({ summary }) => summary?.cohorts[index]?.attemptMs?.p50 ?? 0)
      expect(attemptMs?.p50).toBeLessThan(slower * Math.max(...onMachine))
    }
    expect(await containers()).toBe('')
  })

  test('hands its exit code on', async () => {
    const { exitCode, output } = await inContainer({ RACE_AGENT: 'reference:immediate' })
    expect(exitCode, output).toBe(1)
  })

  test.for(['SIGINT', 'SIGTERM'] as const)('%s: cleaned up in order, exit 130', async (signal) => {
    const { exitCode, output, summary } = await inContainer(
      { RACE_ITERATIONS: '200' },
      { kill: { signal, when: 'attempt 2 of' } },
    )
    expect(exitCode, output).toBe(130)
    expect(summary).toBeDefined()
    expect(await containers()).toBe('')
  })

  test('SIGKILL: npa-race cleanup takes the container away', async () => {
    await inContainer({ RACE_ITERATIONS: '2000' }, { kill: { signal: 'SIGKILL', when: 'attempt 2 of' } })
    expect(await containers()).not.toBe('')
    const { output } = await npaRace(['cleanup'])
    expect(output).toMatch(/undone: container npa-race-/)
    expect(await containers()).toBe('')
  })

  test('no daemon: exit 3, and what the choices are', async () => {
    const { exitCode, output } = await inContainer({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })
    expect(exitCode, output).toBe(3)
    expect(output).toContain('RACE_LAB=container needs a Docker daemon, and none answers')
  })

  test('results are their user’s', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'npa-race-owner-'))
    await inContainer({}, { folder })
    expect(statSync(join(folder, 'latest', 'summary.json')).uid).toBe(process.getuid?.())
    expect(existsSync(join(folder, 'latest', 'report.html'))).toBe(true)
    rmSync(folder, { recursive: true })
  })
})
