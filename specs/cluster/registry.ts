/** Starts an image registry in memory on this machine. `install-npa --push` pushes to it, and nodes pull from it. */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { run } from '../../fixtures/system/command.ts'
import { pusher } from '../../fixtures/install/image-delivery.ts'
import { goTool } from '../../fixtures/agents/npa/go-tool.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms } from '../../helpers/units.ts'
import type { NodeView } from './node-view.ts'

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:<port>`. Nodes pull without TLS only from this address. */
  readonly address: string
  /** Makes it available on the node at the same address, until `view` is disposed. @param nodeAddress IPv4 */
  serveOn(view: NodeView, nodeAddress: string): Promise<void>
  /** @param image `<repository>:<tag>` @returns `<repository>@<digest>`, which is how a node reports an image that it pulled */
  digestOf(image: string): Promise<string>
}

/** The program that pushes images can also serve them. */
export async function startRegistry(): Promise<Registry> {
  const crane = await goTool(pusher)
  const child = spawn(crane, ['registry', 'serve', '--address', ':0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'close')
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text))
  const port = await waitFor({
    condition: 'the registry is serving',
    deadline: ms(10_000),
    check: () => /serving on port (\d+)/.exec(words)?.[1],
    last: () => words,
  })
  return {
    address: `127.0.0.1:${port}`,
    serveOn: async (view, nodeAddress) => void (await view.run(forwarding(port, await addressTowards(nodeAddress)))),
    digestOf: async (image) => `${image.replace(/:[^:/]*$/, '')}@${(await run(crane, ['digest', image])).trim()}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** @returns the address of this machine that `other` can reach */
async function addressTowards(other: string): Promise<string> {
  const socket = createSocket('udp4')
  try {
    socket.connect(9, other)
    await once(socket, 'connect')
    return socket.address().address
  } finally {
    socket.close()
  }
}

/** @returns a command that starts a forwarder to the registry and ends when it listens. The forwarder ends with its pod. */
function forwarding(port: string, to: string): string[] {
  const program = [
    `const { connect, createServer } = require('node:net')`,
    `const serve = (near) => { const far = connect(${port}, '${to}'); near.pipe(far).pipe(near);`,
    `  near.on('error', () => far.destroy()); far.on('error', () => near.destroy()) }`,
    `createServer(serve).listen(${port}, '127.0.0.1', () => console.log('listens'))`,
  ].join('\n')
  const script = 'node -e "$1" >/tmp/forward 2>&1 & until grep -q listens /tmp/forward; do sleep 0.1; done'
  return ['timeout', '20', 'sh', '-c', script, 'sh', program]
}
