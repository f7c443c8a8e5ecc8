/** The program `reuse-loop`: connects and resets from fixed ports as fast as possible, to measure the rate. */
import { connect } from 'node:net'
import { serve } from '../../fixtures/remote/serve.ts'
import { reuseLoopProtocol } from './reuse-loop-protocol.ts'

serve(reuseLoopProtocol, {
  async run({ localIp, remote, ports, durationMs }) {
    const start = performance.now()
    let reuses = 0
    let failed = 0
    const once = (localPort: number): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect({ host: remote.ip, port: remote.port, localAddress: localIp, localPort })
        socket.once('connect', () => {
          reuses++
          socket.resetAndDestroy()
        })
        socket.once('error', () => failed++)
        socket.once('close', () => resolve())
      })
    await Promise.all(
      ports.map(async (port) => {
        while (performance.now() - start < durationMs) await once(port)
      }),
    )
    return { reuses, failed, elapsedMs: performance.now() - start }
  },
})
