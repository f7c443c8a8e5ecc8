/**
 * The agent as EKS starts it by default, without --enable-policy-event-logs: it does not read the ring in which its datapath records verdicts, so the
 * ring fills after about 13,100 records, and the kernel then drops every new one.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { startExec } from '../../fixtures/targets/cluster/exec.ts'
import { containerName } from '../../fixtures/targets/cluster/manifests.ts'
import type { Role } from '../../fixtures/targets/cluster/names.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms } from '../../helpers/units.ts'
import { npaRace, runRace } from '../suite/cli.ts'
import { settingsOf, withFlag } from './agent-nodes.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'
import { podsOf } from './run-pods.ts'

const attempts = 4
const forbiddenPort = 9

/** A program that sends datagrams that the policy denies, so that the datapath records each. It fills the ring within three seconds. */
const flood = (address: string): string => `
  const socket = require('node:dgram').createSocket('udp4')
  setInterval(() => { for (let sent = 0; sent < 500; sent++) socket.send('x', ${forbiddenPort}, '${address}') }, 100)`

describe.skipIf(!onCluster)(`event ring${whySkipped}`, { tags: ['cluster'], timeout: 600_000 }, () => {
  let api: ClusterApi
  let settings: Record<string, string>
  let back: (() => Promise<void>) | undefined

  beforeAll(async () => {
    api = clusterOfRun()
    back = await withFlag(api, '--enable-policy-event-logs=false')
    settings = { ...(await settingsOf(api)), RACE_ITERATIONS: String(attempts) }
  }, 300_000)
  afterAll(() => back?.(), 300_000)

  const podOf = (role: Role) =>
    waitFor({
      condition: `the run has a ${role} with an address`,
      deadline: ms(60_000),
      every: ms(200),
      check: async () => {
        const [{ metadata, status } = {}] = await podsOf(api, role)
        return metadata?.name && metadata.namespace && status?.podIP
          ? { pod: metadata.name, namespace: metadata.namespace, ip: status.podIP }
          : undefined
      },
      last: () => 'there is none',
    })

  test('a run sees each loss, although more verdicts are recorded than the ring has room for', async () => {
    expect((await npaRace(['doctor'], settings)).output).toContain('policy event logs are off')
    const run = runRace(settings, { args: ['specs/race', '-t', 'subject'] })
    const [{ ip }, { namespace, pod }] = await Promise.all([podOf('server'), podOf('client')])
    // It ends with the pod.
    await startExec(api, { namespace, pod, container: containerName }, ['node', '--eval', flood(ip)])
    const { exitCode, output, summary } = await run
    expect(exitCode, output).toBe(0)
    expect(summary?.cohorts.find(({ role }) => role === 'subject')).toMatchObject({
      attempts,
      lostAttempts: attempts,
      invalid: {},
    })
  })
})
