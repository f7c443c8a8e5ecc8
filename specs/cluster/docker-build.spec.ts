/**
 * If Go or clang is missing on this machine, Docker builds the agent's image, from kind/Dockerfile. RACE_AGENT_BUILDER names another image to build
 * with, if the public image of Go is unavailable.
 */
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { extract } from 'tar-stream'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { dockerApi } from '../../fixtures/system/docker.ts'
import type { AgentImage } from '../../fixtures/install/agent-image.ts'
import type { BuildOrder } from '../../fixtures/agents/npa/build.ts'
import { vulnerable, wholeFixed } from '../npa-releases.ts'
import { checkoutOf, pathWithout, type Checkout } from '../suite/npa-checkout.ts'

const builder = process.env['RACE_AGENT_BUILDER'] ?? 'golang:1.26-bookworm'
const whyNoBuilder = await dockerApi()
  .then((docker) => docker.getImage(builder).inspect())
  .then(
    () => '',
    () =>
      ` (skipped: needs a Docker daemon that has ${builder}: docker pull it, or set RACE_AGENT_BUILDER to another image)`,
  )

/** Created if a test runs. */
const folder = join(tmpdir(), `npa-race-docker-${process.pid}`)
let bare: Checkout
beforeAll(() => {
  mkdirSync(folder)
  bare = pathWithout(/^(go|clang.*)$/)
})
afterAll(() => {
  bare[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

/** Builds with this PATH, and with `folder` as the cache. */
async function build(path: string, order: Partial<BuildOrder>): Promise<{ image: AgentImage; lines: string[] }> {
  vi.stubEnv('PATH', path)
  vi.stubEnv('XDG_CACHE_HOME', folder)
  vi.resetModules() // PATH is read when the modules are loaded.
  const { buildAgentImage } = await import('../../fixtures/install/agent-image.ts')
  const lines: string[] = []
  const progress = (line: string) => void lines.push(line)
  const image = await buildAgentImage({ source: 'v1.4.1', goReplace: [], logFolder: folder, progress, ...order })
  return { image, lines }
}

/** @returns the names of the files in the only layer of an image */
async function filesOf({ archive }: AgentImage): Promise<string[]> {
  const names: string[] = []
  for await (const outer of createReadStream(archive).pipe(extract())) {
    if (outer.header.name !== 'layer.tar') {
      outer.resume()
      continue
    }
    const layer = outer.pipe(extract())
    layer.on('entry', ({ name }, content, next) => {
      names.push(name)
      content.on('end', next).resume()
    })
    await finished(layer)
  }
  return names
}
const images = async () =>
  (await (await dockerApi()).listImages({ all: true, filters: { reference: ['npa-race/agent-build'] } })).length
/** @returns the ids of containers that do not run. Other programs may start containers meanwhile. */
const containers = async () =>
  (await (await dockerApi()).listContainers({ all: true, filters: { status: ['created', 'exited'] } })).map(
    ({ Id }) => Id,
  )

afterEach(() => void vi.unstubAllEnvs())

test('without Go, clang and Docker, the error names both ways to build', { tags: ['npa'] }, async () => {
  using path = pathWithout(/^(go|clang.*|docker)$/)
  await expect(build(path.folder, {})).rejects.toThrow(
    /missing on this machine: go \(.*\), clang \(package clang\)\na build without them needs Docker, and docker is not on PATH: https/,
  )
})

const tags = ['kind', 'npa'] as const
describe.skipIf(whyNoBuilder !== '')(`in Docker${whyNoBuilder}`, { tags: [...tags], timeout: 1_200_000 }, () => {
  test('a release has the same files as without Docker, and is built only once', async () => {
    const before = await containers()
    const { image, lines } = await build(bare.folder, { source: vulnerable.agent.replace('npa:', '') })
    expect(lines).toEqual([
      'npa:v1.4.1: go, clang missing on this machine: building in Docker, from kind/Dockerfile …',
      expect.stringMatching(/^npa:v1\.4\.1: built in Docker in \d/),
    ])
    expect(image.build).toMatchObject({ version: 'v1.4.1', go: expect.stringMatching(/^go1\./) })
    expect(await images()).toBe(0)
    expect(await containers()).toEqual(before)
    const again = await build(bare.folder, {})
    expect(again).toMatchObject({ image: { name: image.name }, lines: [] })

    vi.unstubAllEnvs()
    vi.resetModules()
    const { buildAgentImage } = await import('../../fixtures/install/agent-image.ts')
    const here = await buildAgentImage({ source: 'v1.4.1', goReplace: [], logFolder: folder, progress: () => {} })
    expect(image.name).toBe(here.name)
    expect(await filesOf(image)).toEqual(await filesOf(here))
    expect(image.resources).toEqual(here.resources)
  })

  test('a checkout is built, with another version of a module', async () => {
    using checkout = await checkoutOf(wholeFixed.version, wholeFixed.changes)
    const goReplace = wholeFixed.flags.filter((flag) => flag.includes('='))
    const { image } = await build(bare.folder, { source: checkout.folder, goReplace })
    expect(image.build).toMatchObject({ version: expect.stringMatching(/^content-[\da-f]{12}$/) as string, goReplace })
    expect(await filesOf(image)).toContain('controller')
  })

  test('a checkout that does not compile: the error has the compiler’s output, and nothing is left in Docker', async () => {
    const broken = {
      file: 'pkg/ebpf/conntrack/conntrack_client.go',
      from: 'package conntrack',
      to: 'package conntrack\nvar x = nowhere',
    }
    using checkout = await checkoutOf('v1.4.1', [broken])
    const before = await containers()
    await expect(build(bare.folder, { source: checkout.folder })).rejects.toThrow(
      /could not be built in Docker: .*conntrack_client\.go:\d+:\d+: syntax error.*\nall of the output: /,
    )
    expect(readdirSync(folder)).toContain('npa-build.log')
    expect(await containers()).toEqual(before)
  })

  test('a release that does not exist is named in the error', async () => {
    await expect(build(bare.folder, { source: 'v1.4.999' })).rejects.toThrow(
      /npa:v1\.4\.999 could not be built in Docker: release v1\.4\.999 of the agent not found: /,
    )
  })
})
