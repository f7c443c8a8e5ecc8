/** `npa-race probe-image --push` builds the image of the probe, pushes it, and prints the setting that a run needs. */
import { describe, expect, test } from 'vitest'
import { run } from '../../fixtures/system/command.ts'
import { dockerApi } from '../../fixtures/system/docker.ts'
import { npaRace } from '../suite/cli.ts'
import { startRegistry } from './registry.ts'

const base = 'node:24-bookworm-slim'
const whyNoDocker = await dockerApi()
  .then((docker) => docker.getImage(base).inspect())
  .then(
    () => '',
    () => ` (skipped: needs a Docker daemon that has ${base})`,
  )

describe.skipIf(whyNoDocker !== '')(`probe-image${whyNoDocker}`, { tags: ['kind'], timeout: 300_000 }, () => {
  test('prints the image by its digest, and the image has libbpf', async () => {
    await using registry = await startRegistry()
    const { exitCode, output } = await npaRace(['probe-image', '--push', `${registry.address}/team/`])
    expect(exitCode, output).toBe(0)
    const image = /^RACE_PROBE_IMAGE=(.*@sha256:[\da-f]{64})$/m.exec(output)?.[1] ?? ''
    expect(image).toMatch(new RegExp(`^${registry.address}/team/npa-race-probe@`))
    await run('docker', ['pull', image], { timeoutSeconds: 120 })
    const found = await run('docker', ['run', '--rm', image, 'sh', '-c', 'ls /usr/lib/*/libbpf.so.1'])
    expect(found).toContain('libbpf.so.1')
    await run('docker', ['rmi', '--force', image])
  })

  test('a registry that does not answer: the error says what failed, and what to do', async () => {
    const gone = await startRegistry()
    await gone[Symbol.asyncDispose]()
    const { exitCode, output } = await npaRace(['probe-image', '--push', gone.address])
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(
      new RegExp(`${gone.address}/npa-race-probe:\\S+ could not be pushed: .*\\n.*docker login ${gone.address}`),
    )
  })
})

test('without a Docker daemon: exit 3, and what to do', async () => {
  const { exitCode, output } = await npaRace(['probe-image'], { DOCKER_HOST: 'unix:///nowhere' })
  expect(exitCode, output).toBe(3)
  expect(output).toMatch(/probe-image needs .*Docker/)
})
