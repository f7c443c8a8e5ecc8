/**
 * Target k3d. The run takes minutes, so it is made by its tag alone: npx vitest run specs/cluster/k3d.spec.ts --tags-filter kind. RACE_NODE_IMAGE is
 * handed on.
 */
import { describe, expect, test } from 'vitest'
import { providers } from '../../fixtures/targets/providers/providers.ts'
import { npaRace, runRace } from '../suite/cli.ts'
import { pathWithout } from '../suite/npa-checkout.ts'
import { whyNotOn } from './needs-provider.ts'

const image = process.env['RACE_NODE_IMAGE']
const onK3d = { RACE_TARGET: 'k3d', ...(image !== undefined && { RACE_NODE_IMAGE: image }) }

test('no k3d on this machine: exit 3, and how to get it', async () => {
  using path = pathWithout(/^k3d$/)
  const settings = { ...onK3d, PATH: path.folder }
  const { exitCode, output } = await runRace(settings)
  expect(exitCode, output).toBe(3)
  expect(output).toContain('k3d is not on PATH: install it (a single file), see https://k3d.io')
  const doctor = await npaRace(['doctor'], settings)
  expect(doctor.exitCode, doctor.output).toBe(3)
  expect(doctor.output).toContain('✗ k3d is not on PATH')
})

const skipped = await whyNotOn('k3d')
describe.skipIf(skipped !== '')(`k3d${skipped}`, { tags: ['kind', 'npa'], timeout: 1_200_000 }, () => {
  test('a run from nothing: the release without the fix loses, and the cluster is gone after it', async () => {
    const before = await providers.k3d.clusters()
    const { exitCode, output, summary } = await runRace({ ...onK3d, RACE_AGENT: 'npa:v1.4.1', RACE_EXPECT: 'lost' })
    expect(exitCode, output).toBe(0)
    expect(summary).toMatchObject({ target: 'k3d', verdict: 'pass' })
    expect(summary?.cohorts[1]).toMatchObject({ agent: 'npa:v1.4.1', lost: 8, disagreements: 0 })
    expect(await providers.k3d.clusters()).toEqual(before)
  })
})
