/** Runs programs in containers: their output, their exit codes, and how they end if the connection breaks. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { apply, nameOf, ownedObjects, remove, type Manifest } from '../../fixtures/targets/cluster/apply.ts'
import { runExec, startExec } from '../../fixtures/targets/cluster/exec.ts'
import { untilRunning } from '../../fixtures/targets/cluster/readiness.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms } from '../../helpers/units.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'

describe.skipIf(!onCluster)(`exec${whySkipped}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  const owner = `spec-${process.pid}`
  const target = { namespace: 'default', pod: `npa-race-${owner}`, container: 'main' }
  const pod: Manifest & { spec: object } = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: target.pod, namespace: target.namespace },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'main',
          image: 'node:24-bookworm-slim',
          imagePullPolicy: 'IfNotPresent',
          command: ['sleep', 'infinity'],
        },
      ],
    },
  }
  let api: ClusterApi

  beforeAll(async () => {
    api = clusterOfRun()
    await apply(api, owner, pod)
    await untilRunning(api, { namespace: target.namespace, name: target.pod })
  }, 90_000)

  afterAll(async () => {
    await remove(api, owner, nameOf(pod))
    expect(await ownedObjects(api, owner, { apiVersion: 'v1', kind: 'Pod' })).toEqual([])
  })

  test('passes input and output', async () => {
    expect(await runExec(api, target, ['cat'], { input: 'äöü\n'.repeat(100_000) })).toBe('äöü\n'.repeat(100_000))
  })

  test('reports the exit code and the output of a failure', async () => {
    await expect(runExec(api, target, ['sh', '-c', 'echo out of luck >&2; exit 7'])).rejects.toThrow(
      `sh in default/${target.pod} ended with code 7: out of luck`,
    )
  })

  test('reports a program that cannot be started', async () => {
    const program = await startExec(api, target, ['/no/such/program'])
    expect(await program.end).toMatchObject({ kind: expect.stringMatching(/failed|exited/) as unknown })
  })

  test('names a container that does not exist', async () => {
    await expect(startExec(api, { ...target, container: 'missing' }, ['true'])).rejects.toThrow(
      /could not start true in default\/.* \(container missing\)/,
    )
  })

  test('a connection that breaks is reported as lost, not as a success', async () => {
    const program = await startExec(api, target, ['cat'])
    program.kill()
    expect(await program.end).toMatchObject({ kind: 'lost' })
  })

  test('an aborted program also ends in its container', async () => {
    const abort = new AbortController()
    const program = await startExec(api, target, ['cat'], abort.signal)
    abort.abort()
    expect(await program.end).toEqual({ kind: 'lost', why: expect.stringContaining('aborted') as unknown })
    await waitFor({
      condition: 'no cat runs in the container',
      deadline: ms(10_000),
      every: ms(200),
      check: async () => {
        const running = await runExec(api, target, ['sh', '-c', 'cat /proc/[0-9]*/comm'])
        return running.split('\n').filter((name) => name === 'cat').length <= 1 ? true : undefined
      },
      last: () => 'it is still running',
    })
  })

  test('a program that exceeds its time limit is ended', async () => {
    await expect(runExec(api, target, ['sleep', '60'], { deadline: ms(1_000) })).rejects.toThrow('ended with code 124')
  })

  test('an object of another owner is left alone', async () => {
    await expect(apply(api, 'another-owner', pod)).rejects.toThrow('was not made by this run')
    expect(await remove(api, 'another-owner', nameOf(pod))).toBe(false)
  })
})
