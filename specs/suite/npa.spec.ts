/** The real agent as users name it: by its version, the path of a checkout or of a built agent; and everything that may be wrong with it. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, type TestTags } from 'vitest'
import { buildAgent } from '../../fixtures/agents/npa/build-agent.ts'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { runRace } from './cli.ts'
import { checkoutOf, cleanup, commitAs, judged, noGuard, pathWithout, settingsOf } from './npa-checkout.ts'

/** A cold build takes minutes. */
const npa: { tags: TestTags['tags'][]; timeout: number } = { tags: ['lab', 'npa'], timeout: 1_200_000 }

describe('a release', npa, () => {
  test.for([
    { release: vulnerable, window: 'after-snapshot', exitCode: 1, lost: 8 },
    { release: vulnerable, window: 'after-reread', exitCode: 2, lost: 0 },
    { release: fixed, window: 'after-snapshot', exitCode: 0, lost: 0 },
    { release: fixed, window: 'after-reread', exitCode: 1, lost: 8 },
    { release: vulnerable, window: 'before-delete', exitCode: 1, lost: 8 },
    { release: fixed, window: 'before-delete', exitCode: 1, lost: 8 },
  ])('$release.agent, reuse $window: exit $exitCode', async ({ release, window, exitCode, lost }) => {
    const { exitCode: code, output, summary } = await runRace({ ...settingsOf(release), RACE_WINDOW: window })
    expect(code, output).toBe(exitCode)
    expect(summary?.cohorts[1]).toMatchObject({ lost, disagreements: 0 })
  })

  test.for([
    { release: vulnerable, RACE_FLOW: 'udp-request', RACE_IP: '4', lost: 8, mapLayout: '24/1' },
    { release: vulnerable, RACE_FLOW: 'tcp-handshake', RACE_IP: '6', lost: 8, mapLayout: '60/1' },
    { release: fixed, RACE_FLOW: 'udp-request', RACE_IP: '6', lost: 0, mapLayout: '60/16' },
  ])('$release.agent over $RACE_FLOW, IPv$RACE_IP', async ({ release, lost, mapLayout, ...flow }) => {
    const expectation = { RACE_EXPECT: lost > 0 ? 'lost' : 'survives' }
    const { exitCode, output, summary } = await runRace({ ...settingsOf(release), ...flow, ...expectation })
    expect(exitCode, output).toBe(0)
    expect(summary?.cohorts[1]).toMatchObject({ exposures: 8, lost, mapLayout, disagreements: 0 })
  })

  test('on its own timer', async () => {
    const own = { RACE_PASSES: 'own', RACE_CLEANUP_PERIOD: '2', RACE_ITERATIONS: '1', RACE_EXPECT: 'lost' }
    const { exitCode, output } = await runRace({ ...settingsOf(vulnerable), ...own })
    expect(exitCode, output).toBe(0)
  })

  test('a second start needs no compiler', async () => {
    await runRace(settingsOf(vulnerable))
    using path = pathWithout(/^(go|make|bpftool|clang.*)$/)
    const { exitCode, output } = await runRace({ ...settingsOf(vulnerable), RACE_EXPECT: 'lost', PATH: path.folder })
    expect(exitCode, output).toBe(0)
  })
})

describe('a checkout', npa, () => {
  test('without its guard is caught', async () => {
    const { exitCode, output, summary } = await judged(fixed, [noGuard])
    expect(exitCode, output).toBe(1)
    expect(summary?.cohorts[1]).toMatchObject({ verdict: 'contrary', lost: 8 })
  })

  test('that never deletes is caught, and its log contradicts the kernel', async () => {
    const change = { file: cleanup, from: 'c.conntrackMap.DeleteMapEntry(', to: 'func(uintptr) {}(' }
    const { exitCode, output, summary } = await judged(vulnerable, [change])
    expect(exitCode, output).toBe(1)
    expect(summary?.cohorts[1]).toMatchObject({ verdict: 'contrary', lost: 0, overRetention: { stale: 5, kept: 5 } })
    expect(summary?.cohorts[1]?.disagreements).toBeGreaterThan(0)
  })

  test('is named by commit and tag, and a dirty one is said to be', async () => {
    using checkout = await checkoutOf('v1.4.1', [])
    const commit = await commitAs(checkout, 'v1.4.1')
    await run('touch', [join(checkout.folder, 'NEW.md')])
    const { summary, output } = await runRace({ RACE_AGENT: `npa:${checkout.folder}`, RACE_EXPECT: 'lost' })
    expect(summary?.cohorts[1]?.build, output).toMatchObject({
      version: 'v1.4.1',
      commit,
      dirty: true,
      content: expect.stringMatching(/^[\da-f]{32}$/) as string,
    })
    expect(output).toContain(`v1.4.1 · ${commit.slice(0, 12)} · dirty · map 24/1 · go`)
  })

  test('that does not compile: exit 3, the reason first, the output in a file', async () => {
    const change = {
      file: cleanup,
      from: 'type ConntrackClient interface',
      to: 'var broken = nowhere\n\ntype ConntrackClient interface',
    }
    const { exitCode, output } = await judged(vulnerable, [change])
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/does not compile: the agent: .*undefined: nowhere\nall of the output: \/.*npa-build\.log/)
  })

  test('that asks for a module that is not available: exit 3, which one, and how to replace it', async () => {
    const sdk = 'github.com/aws/aws-ebpf-sdk-go'
    const change = { file: 'go.mod', from: `${sdk} v1.0.15`, to: `${sdk} v1.9999.0` }
    const { exitCode, output } = await judged(vulnerable, [change])
    expect(exitCode, output).toBe(3)
    expect(output).toContain(`${sdk}@v1.9999.0 is not available (`)
    expect(output).toContain(`RACE_GO_REPLACE=${sdk}=<another version, or a folder with the module>`)
  })

  test('whose datapath the verifier refuses: exit 3, and no fall back to ours', async () => {
    const change = {
      file: 'pkg/ebpf/c/tc.v4ingress.bpf.c',
      from: 'if (data + sizeof(*ether) > data_end)',
      to: 'if (data == 0)',
    }
    const { exitCode, output, summary } = await judged(vulnerable, [change])
    expect(exitCode, output).toBe(3)
    expect(output).toContain(
      'the kernel refused its datapath: R2 offset is outside of the packet; Failed to Attach Ingress TC probe',
    )
    expect(output).toMatch(/all of the output: \/.*npa-start\.log/)
    expect(summary?.cohorts[1]).toMatchObject({ attempts: 0 })
  })
})

test('an agent that is built already, as in its image, needs no compiler', npa, async () => {
  using folder = temporaryFolder('built')
  const order = { goReplace: vulnerable.go_replace, logFolder: folder.path, progress: () => {} }
  const built = await buildAgent({ source: vulnerable.agent.replace('npa:', ''), ...order })
  const copied = join(folder.path, 'agent')
  cpSync(built.folder, copied, { recursive: true, filter: (path) => !path.endsWith('build.json') })
  using path = pathWithout(/^(go|make|bpftool|clang.*)$/)
  const settings = { RACE_AGENT: `npa:${copied}`, RACE_EXPECT: 'lost', PATH: path.folder }
  const { exitCode, output, summary } = await runRace(settings)
  expect(exitCode, output).toBe(0)
  expect(summary?.cohorts[1]?.build).toMatchObject({ binary: built.binary, go: built.go })
})

describe('an agent that is not available: exit 3, and why', npa, () => {
  test.for([
    ['npa:v0.0.1', 'npa:v0.0.1 is not available'],
    ['npa:./nowhere', 'npa:./nowhere is neither a version such as v1.4.1 nor the path of a checkout'],
    ['npa:helpers', 'is not a checkout of the agent: its go.mod is not there'],
  ] as const)('%s', async ([agent, why]) => {
    const { exitCode, output } = await runRace({ RACE_AGENT: agent })
    expect(exitCode, output).toBe(3)
    expect(output).toContain(why)
  })

  test('no Go and no clang', async () => {
    using path = pathWithout(/^(go|clang.*)$/)
    using cache = temporaryFolder('cache')
    const settings = { ...settingsOf(vulnerable), PATH: path.folder, XDG_CACHE_HOME: cache.path }
    const { exitCode, output } = await runRace(settings)
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/missing on this machine: go \(.*clang \(package clang\)/)
  })
})
