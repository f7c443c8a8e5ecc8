/** The real agent as a pull request may change it: what it refuses, what its functions look like, and what it calls itself. */
import { describe, expect, test, type TestTags } from 'vitest'
import { fixed, vulnerable } from '../npa-releases.ts'
import { runRace } from './cli.ts'
import { checkoutOf, cleanup, commitAs, judged, noGuard, settingsOf, type Change } from './npa-checkout.ts'

/** A cold build takes minutes. */
const npa: { tags: TestTags['tags'][]; timeout: number } = { tags: ['lab', 'npa'], timeout: 1_200_000 }

describe('a checkout', npa, () => {
  test.for([
    {
      that: 'refuses a cleanup period of 0',
      changes: [
        {
          file: 'pkg/config/controller_config.go',
          from: '	// Validate conntrack cache table size',
          to: '	if cfg.ConntrackCacheCleanupPeriod < 1 {\n		return errors.New("Invalid conntrack cache cleanup period, must be positive")\n	}',
        },
      ],
      why: 'it refuses a cleanup period of 0',
    },
    {
      that: 'keeps its map open',
      changes: [
        { file: cleanup, from: 'bpfMapApi.GetMapFromPinPath(CONNTRACK_MAP_PIN_PATH)', to: 'openOnce()' },
        { file: cleanup, from: '	bpfMapApi := &goebpfmaps.BpfMap{}\n', to: '' },
        {
          file: cleanup,
          from: 'type ConntrackClient interface',
          to: 'var openOnce = sync.OnceValues(func() (goebpfmaps.BpfMapInfo, error) {\n	api := &goebpfmaps.BpfMap{}\n	return api.GetMapFromPinPath(CONNTRACK_MAP_PIN_PATH)\n})\n\ntype ConntrackClient interface',
        },
        { file: cleanup, from: 'import (', to: 'import (\n	"sync"' },
      ],
      why: 'it does not open its map for each pass',
    },
  ])('that $that runs on its own timer, and the summary says so', async ({ changes, why }) => {
    const { exitCode, output, summary } = await judged(vulnerable, changes, {
      RACE_EXPECT: 'lost',
      RACE_ITERATIONS: '1',
    })
    expect(exitCode, output).toBe(0)
    expect(summary?.cohorts[1]).toMatchObject({ lost: 4, build: { ownTimer: expect.stringContaining(why) as string } })
    expect(output).toContain(`on its own timer, because ${why}`)
  })

  test('that asks for what no stand-in knows: exit 3, and the error names the request', async () => {
    const asks = 'if err := mgr.GetAPIReader().List(ctx, &corev1.NodeList{}); err != nil {\n		panic(err)\n	}'
    const changes = [
      { file: 'main.go', from: 'import (', to: 'import (\n	corev1 "k8s.io/api/core/v1"' },
      { file: 'main.go', from: '	log.Info("starting manager")', to: `	${asks}\n	log.Info("starting manager")` },
    ]
    const { exitCode, output } = await judged(vulnerable, changes)
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/did not start: it ended with code 2: panic: /)
    expect(output).toContain('it asked what no stand-in knows: Kubernetes API: GET /api/v1')
  })

  test('whose own functions have other signatures is judged all the same', async () => {
    const changes = [
      {
        file: 'pkg/ebpf/bpf_client.go',
        from: 'isMultiNICEnabled bool, logLevel string) (',
        to: 'isMultiNICEnabled bool, logLevel string, _ string, _ int) (',
      },
      {
        file: 'main.go',
        from: 'ctrlConfig.LogLevel))\n		ebpfClient',
        to: 'ctrlConfig.LogLevel, nodeIP, 1))\n		ebpfClient',
      },
      {
        file: 'pkg/ebpf/events/events.go',
        from: 'enableIPv6 bool, logLevel string) error',
        to: 'enableIPv6 bool, logLevel string, _ string, _ int) error',
      },
      { file: 'pkg/ebpf/bpf_client.go', from: 'enableIPv6, logLevel)\n', to: 'enableIPv6, logLevel, nodeIP, 1)\n' },
    ]
    const { exitCode, output, summary } = await judged(vulnerable, changes)
    expect(exitCode, output).toBe(1)
    expect(summary?.cohorts[1]).toMatchObject({ verdict: 'contrary', lost: 8 })
  })

  test('two that call themselves by the same version have different identities', async () => {
    const identity = async (changes: readonly Change[]) => {
      using checkout = await checkoutOf('v1.4.3', changes)
      await commitAs(checkout, 'v1.4.2')
      const { summary, output } = await runRace({ ...settingsOf(fixed), RACE_AGENT: `npa:${checkout.folder}` })
      expect(summary?.cohorts[1]?.build, output).toMatchObject({ version: 'v1.4.2', dirty: false })
      return { lost: summary?.cohorts[1]?.lost, build: summary?.cohorts[1]?.build }
    }
    const guarded = await identity([])
    const unguarded = await identity([noGuard])
    expect([guarded.lost, unguarded.lost]).toEqual([0, 8])
    for (const key of ['commit', 'content', 'binary'] as const)
      expect(unguarded.build?.[key]).not.toBe(guarded.build?.[key])
  })
})
