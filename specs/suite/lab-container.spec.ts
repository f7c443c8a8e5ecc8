/** A run in a privileged container gives the same results and exit codes as on the machine, and leaves nothing behind. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dockerApi, dockerProblem } from '../../fixtures/system/docker.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { vulnerable } from '../npa-releases.ts'
import { npaRace, runRace, type CliOptions } from './cli.ts'

const problem = await dockerProblem('the lab in a container')
const why = problem === undefined ? '' : ` (skipped: ${problem})`

/** @returns the ids of all lab containers, running or not */
async function containers(): Promise<string[]> {
  const docker = await dockerApi()
  const found = await docker.listContainers({ all: true, filters: { ancestor: ['npa-race/lab:local'] } })
  return found.map(({ Id }) => Id)
}
const inContainer = (settings: Readonly<Record<string, string>> = {}, options?: CliOptions) =>
  runRace({ RACE_LAB: 'container', ...settings }, options)

describe.skipIf(problem !== undefined)(
  `the lab in a container${why}`,
  { tags: ['kind', 'npa'], timeout: 1_200_000 },
  () => {
    test('gives the same results as a run on the machine; its speed is annotated', async ({ annotate }) => {
      const settings = { RACE_ITERATIONS: '40' }
      const here = await runRace(settings)
      const there = await inContainer(settings)
      // The speed of a busy machine varies, so it is measured before and after.
      const again = await runRace(settings)
      expect(there.exitCode, there.output).toBe(0)
      expect(there.output).toContain('lab: in the container npa-race-')
      const cohorts = there.summary?.cohorts ?? []
      expect(cohorts.map(({ lost, exposures }) => ({ lost, exposures }))).toEqual(
        here.summary?.cohorts.map(({ lost, exposures }) => ({ lost, exposures })),
      )
      for (const [index, { agent, attemptMs }] of cohorts.entries()) {
        const [before, after] = [here, again].map(({ summary }) => summary?.cohorts[index]?.attemptMs?.p50)
        await annotate(
          `${agent}: ${attemptMs?.p50} ms an attempt, on the machine ${before} ms before it and ${after} ms after`,
        )
      }
      expect(await containers()).toEqual([])
    })

    test('returns the exit code of the run', async () => {
      const { exitCode, output, summary } = await inContainer({ RACE_AGENT: 'reference:immediate' })
      expect(exitCode, output).toBe(1)
      expect(summary).toMatchObject({ verdict: 'fail' })
    })

    test('judges the real agent, which is built outside the container', async () => {
      const { exitCode, output, summary } = await inContainer({ RACE_AGENT: vulnerable.agent, RACE_EXPECT: 'lost' })
      expect(exitCode, output).toBe(0)
      expect(summary?.cohorts[1]).toMatchObject({ agent: vulnerable.agent, lost: 8, disagreements: 0 })
    })

    test.for(['SIGINT', 'SIGTERM'] as const)('%s: cleans up, exit 130', async (signal) => {
      const { exitCode, output, summary } = await inContainer(
        { RACE_ITERATIONS: '200' },
        { kill: { signal, when: 'attempt 2 of' } },
      )
      expect(exitCode, output).toBe(130)
      expect(summary).toBeDefined()
      expect(await containers()).toEqual([])
    })

    test('SIGKILL: npa-race cleanup removes the container', async () => {
      await inContainer({ RACE_ITERATIONS: '2000' }, { kill: { signal: 'SIGKILL', when: 'attempt 2 of' } })
      expect(await containers()).not.toEqual([])
      const { output } = await npaRace(['cleanup'])
      expect(output).toMatch(/undone: container npa-race-/)
      expect(await containers()).toEqual([])
    })

    test('no Docker daemon: exit 3, and the output lists the choices', async () => {
      const { exitCode, output } = await inContainer({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })
      expect(exitCode, output).toBe(3)
      expect(output).toContain('RACE_LAB=container needs a Docker daemon, and none answers')
    })

    test('a container that cannot be made: exit 3, and the output says what to do', async () => {
      const id = `spec-${process.pid}`
      const docker = await dockerApi()
      await docker.createContainer({ name: `npa-race-${id}`, Image: 'npa-race/lab:local' })
      const { exitCode, output } = await inContainer({ RACE_RUN_ID: id })
      expect(exitCode, output).toBe(3)
      expect(output).toMatch(/could not create the container of the lab: .*RACE_LAB=here/)
      expect(await containers()).toEqual([])
    })

    test('the results belong to the user who started the run', async () => {
      using results = temporaryFolder('owner')
      const folder = results.path
      await inContainer({}, { folder })
      expect(statSync(join(folder, 'latest', 'summary.json')).uid).toBe(process.getuid?.())
      expect(existsSync(join(folder, 'latest', 'report.html'))).toBe(true)
    })
  },
)
