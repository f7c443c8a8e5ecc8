/** A registry on this machine, in memory: what `install-npa --push` pushes to, and what nodes pull from. */
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
  /** `127.0.0.1:<port>`: from there alone nodes pull without TLS. */
  readonly address: string
  /** Lets a node reach it as its own, until the view of it ends. @param nodeAddress IPv4 */
  serveOn(view: NodeView, nodeAddress: string): Promise<void>
  /** As a node names what it has pulled: `<repository>@<digest>`. @param image `<repository>:<tag>` */
  digestOf(image: string): Promise<string>
}

/** What pushes can serve, too. */
export async function startRegistry(): Promise<Registry> {
  const crane = await goTool(pusher)
  const child = spawn(crane, ['registry', 'serve', '--address', ':0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'close')
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text))
  const port = await waitFor({
    condition: 'the registry serves',
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

/** This machine's address on the way to another. */
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

/** Ends when it listens; what listens goes with its pod. */
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
