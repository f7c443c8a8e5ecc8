/**
 * Strict mode: the agent denies everything to a pod that the CNI has announced, until a policy selects the pod. In mode `standard` it allows everything
 * until then. The cleanup and its race are the same in both.
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import type { Endpoint } from '../../helpers/flow.ts'
import { raceSchedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { patient } from '../../fixtures/system/patience.ts'
import type { Testbed } from '../../fixtures/targets/testbed.ts'
import { ms } from '../../helpers/units.ts'
import { fixed, vulnerable } from '../npa-releases.ts'

/** A denied SYN is never answered. */
const noAnswerAfter = ms(500)

/** @returns whether the pod's connection is answered */
async function connects({ client, clientIp }: Testbed, remote: Endpoint, port: number): Promise<boolean> {
  const { opened } = await client.request('open', {
    attempt: 'strict mode',
    transport: 'tcp',
    localIp: clientIp,
    remote,
    flows: [{ flow: 0, port }],
    await: 'answer',
    deadlineMs: patient(noAnswerAfter),
  })
  await client.request('close', { flows: [0] })
  return opened.length > 0
}

describe.for([
  { ...vulnerable, loses: true },
  { ...fixed, loses: false },
])('$agent', { tags: ['lab', 'npa'], timeout: 600_000 }, ({ agent, go_replace, loses }) => {
  const plan = { ...cohortOf(agent, { agent, go_replace }), ...comparedBySpec, connections: 5 }

  describe.for([
    { policyMode: 'standard', connected: true },
    { policyMode: 'strict', connected: false },
  ] as const)('a pod without a policy in mode $policyMode', ({ policyMode, connected }) => {
    test.override('cohort', {
      ...plan,
      id: `${agent} in mode ${policyMode} without a policy`,
      datapath: { policyMode, withoutPolicy: true },
    })

    test(connected ? 'may connect' : 'may not connect', async ({ testbed, ports }) => {
      const [port = 0] = ports.take(1)
      expect(await connects(testbed, testbed.serverAddress, port)).toBe(connected)
    })
  })

  describe('a pod with a policy in mode strict', () => {
    test.override('cohort', { ...plan, id: `${agent} in mode strict`, datapath: { policyMode: 'strict' } })

    test(`may connect where the policy allows it, and a flow that is reused after the snapshot is ${loses ? 'lost' : 'kept'}`, async ({
      testbed,
      cohortRun,
      ports,
    }) => {
      const [allowed = 0, forbidden = 0] = ports.take(2)
      expect(await connects(testbed, testbed.serverAddress, allowed)).toBe(true)
      const elsewhere = { ...testbed.serverAddress, port: testbed.forbiddenPort }
      expect(await connects(testbed, elsewhere, forbidden)).toBe(false)
      const verdict = await cohortRun.attempt('model', raceSchedule('after-snapshot', 0))
      expect(verdict).toMatchObject({ verdict: loses ? 'lost' : 'survived', exposures: 5, disagreements: [] })
    })
  })
})
