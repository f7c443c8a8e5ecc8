/** `install-npa --push` pushes an archive to a registry unchanged. It needs neither a cluster nor Docker for that. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { extract } from 'tar-stream'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { deliver } from '../../fixtures/install/image-delivery.ts'
import { writeImageArchive } from '../../fixtures/agents/npa/image-archive.ts'
import { listening } from '../../fixtures/targets/cluster/example-api-server.ts'
import { pathWithout } from '../suite/npa-checkout.ts'
import { startRegistry, type Registry } from './registry.ts'

/** Created if a test runs. */
const folder = join(tmpdir(), `npa-race-push-${process.pid}`)
const image = { name: 'npa-race/agent:v1.2.3-abc', archive: join(folder, 'image.tar') }
const config = { Entrypoint: ['/program'] }

const descriptor = z.object({ digest: z.string() })
const manifestSchema = z.object({ config: descriptor, layers: z.array(descriptor) })

/** @returns the content of the archive's files, by their names */
async function archived(): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  for await (const entry of createReadStream(image.archive).pipe(extract()))
    found.set(entry.header.name, await buffer(entry))
  return found
}

const sha256 = (content: Buffer = Buffer.alloc(0)): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

let registry: Registry
beforeAll(async () => {
  mkdirSync(join(folder, 'root'), { recursive: true })
  writeFileSync(join(folder, 'root', 'program'), '#!')
  await writeImageArchive(
    { folder: join(folder, 'root'), content: ['program'], name: image.name, config },
    image.archive,
  )
  registry = await startRegistry()
}, 600_000)
afterAll(async () => {
  await registry[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

afterEach(() => void vi.unstubAllEnvs())

const push = (to: string) => deliver(image, { kind: 'push', registry: to }, () => {})

test.for(['', '/team', '/team/'])(
  'pushes an archive to a registry%s: the config and the layer are the same',
  { tags: ['npa'] },
  async (path) => {
    const pushed = await push(`${registry.address}${path}`)
    const repository = `${path.replaceAll('/', '') && 'team/'}agent`
    expect(pushed).toEqual({ image: `${registry.address}/${repository}:v1.2.3-abc`, pull: 'IfNotPresent' })
    const read = async (what: string) =>
      Buffer.from(await (await fetch(`http://${registry.address}/v2/${repository}/${what}`)).arrayBuffer())
    const manifest = manifestSchema.parse(JSON.parse((await read('manifests/v1.2.3-abc')).toString()))
    const files = await archived()
    expect(manifest.config.digest).toBe(sha256(files.get('config.json')))
    expect(manifest.layers).toHaveLength(1)
    const layer = await read(`blobs/${manifest.layers[0]?.digest}`)
    expect(gunzipSync(layer).equals(files.get('layer.tar') ?? Buffer.alloc(0))).toBe(true)
  },
)

test('a registry that does not answer: the error says what failed, and what to check', { tags: ['npa'] }, async () => {
  const gone = await startRegistry()
  await gone[Symbol.asyncDispose]()
  await expect(push(gone.address)).rejects.toThrow(
    new RegExp(
      `the image could not be pushed to ${gone.address}/agent:v1.2.3-abc: .*connection refused\n.*docker login`,
    ),
  )
})

test('without crane and Go, the error says what to install, and where the image is', async () => {
  using path = pathWithout(/^(go|crane)$/)
  vi.stubEnv('PATH', path.folder)
  vi.resetModules() // PATH is read when the modules are loaded.
  const { deliver: deliverAfresh } = await import('../../fixtures/install/image-delivery.ts')
  const to = { kind: 'push', registry: registry.address } as const
  await expect(deliverAfresh(image, to, () => {})).rejects.toThrow(
    /^cannot push the image: neither crane nor Go is on PATH\. Install crane \(https:.*\), or Go, which builds it; the image is ready in .*image\.tar$/,
  )
})

test('uses the credentials of docker login if the registry asks for them', { tags: ['npa'] }, async () => {
  await using guarded = await guard(registry.address, 'Basic dXNlcjpzZWNyZXQ=')
  vi.stubEnv('DOCKER_CONFIG', folder)
  await expect(push(guarded.address)).rejects.toThrow(/could not be pushed to .*401 Unauthorized.*\n.*docker login/)
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ auths: { [guarded.address]: { auth: 'dXNlcjpzZWNyZXQ=' } } }),
  )
  await expect(push(guarded.address)).resolves.toMatchObject({ image: `${guarded.address}/agent:v1.2.3-abc` })
})

/** Starts a proxy that requires a login before it passes requests on to a registry. */
async function guard(address: string, login: string): Promise<AsyncDisposable & { readonly address: string }> {
  const server = createServer((near, answer) => {
    if (near.headers.authorization !== login) {
      answer.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end()
      return
    }
    const { method = '', headers, url = '' } = near
    const far = request(`http://${address}${url}`, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(answer)
    })
    near.pipe(far)
  })
  const port = await listening(server)
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
