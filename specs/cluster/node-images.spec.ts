/** `npa-race probe-image` and `npa-race watch-image` build images for the nodes of a cluster, push them, and print what names them. */
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

describe.skipIf(whyNoDocker !== '')(`images for nodes${whyNoDocker}`, { tags: ['kind'], timeout: 300_000 }, () => {
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

  test('the image of the watch runs it', async () => {
    const { exitCode, output } = await npaRace(['watch-image'])
    expect(exitCode, output).toBe(0)
    const image = output.trim().split('\n').at(-1) ?? ''
    const docker = (...args: readonly string[]) => run('docker', ['run', '--rm', image, ...args])
    expect(await docker('--version')).toMatch(/^\d+\.\d+\.\d+\n$/)
    await expect(docker()).rejects.toThrow('the agent of this node cannot be watched')
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

test.for(['probe-image', 'watch-image'])('%s without a Docker daemon: exit 3, and what to do', async (command) => {
  const { exitCode, output } = await npaRace([command], { DOCKER_HOST: 'unix:///nowhere' })
  expect(exitCode, output).toBe(3)
  expect(output).toMatch(new RegExp(`${command} needs .*Docker`))
})
