/** Servers for kubeconfigs: an API server that records who asked, an HTTP proxy and a SOCKS proxy. All proxies lead to the API server. */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { listening } from '../../../fixtures/targets/cluster/example-api-server.ts'

/** What the API server saw of a request. */
interface SeenRequest {
  readonly path: string
  readonly authorization: string | undefined
  /** Headers `Impersonate-…`, each with its values, sorted. */
  readonly impersonation: readonly string[]
  /** The common name of the client's certificate. */
  readonly certificate: string | undefined
  /** The name that the client asked for. */
  readonly serverName: string | false | null | undefined
}

export interface Certificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

export interface TestServers extends AsyncDisposable {
  readonly secure: number
  readonly plain: number
  readonly httpProxy: number
  readonly socksProxy: number
  /** Returns the requests for the version since the last call, and which proxies have passed connections on. */
  take(): { readonly requests: readonly SeenRequest[]; readonly proxies: ReadonlySet<'http' | 'socks'> }
}

/** The token that the API server does not accept. */
export const expiredToken = 'an-expired-token'

export async function startServers({ ca, cert, key }: Certificates): Promise<TestServers> {
  let requests: SeenRequest[] = []
  let proxies = new Set<'http' | 'socks'>()
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(seen(request))
    response.setHeader('content-type', 'application/json')
    if (request.headers.authorization?.includes(expiredToken)) {
      response.statusCode = 401
      response.end(
        JSON.stringify({
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          message: 'the token has expired',
          code: 401,
        }),
      )
    } else response.end(JSON.stringify({ major: '1', minor: '35', gitVersion: 'v1.35.0' }))
  }
  const api = createHttpsServer({ ca, cert, key, requestCert: true, rejectUnauthorized: false }, answer)
  const plain = createHttpServer(answer)
  const secure = await listening(api)
  const passOn = (from: Socket, before: () => void): void => {
    const to = connect(secure, '127.0.0.1', () => {
      before()
      from.pipe(to).pipe(from)
    })
    for (const socket of [from, to]) socket.on('error', () => [from, to].forEach((each) => each.destroy()))
  }
  const httpProxy = createHttpServer()
  httpProxy.on('connect', (_request, socket: Socket) => {
    proxies.add('http')
    passOn(socket, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
  })
  const socksProxy = createServer((socket) => {
    const success = Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    // The greeting asks for methods, the answer is "none"; the second message asks for a connection.
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]))
      socket.once('data', () => {
        proxies.add('socks')
        passOn(socket, () => socket.write(success))
      })
    })
    socket.on('error', () => socket.destroy())
  })
  const servers = [api, plain, httpProxy, socksProxy]
  return {
    secure,
    plain: await listening(plain),
    httpProxy: await listening(httpProxy),
    socksProxy: await listening(socksProxy),
    take() {
      // A kubectl that starts another one asks for the version with a time limit first, to choose that.
      const taken = { requests: requests.filter(({ path }) => path.endsWith('/version')), proxies }
      requests = []
      proxies = new Set()
      return taken
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) if ('closeAllConnections' in server) server.closeAllConnections()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

function seen({ url = '', headers, headersDistinct, socket }: IncomingMessage): SeenRequest {
  const isTls = socket instanceof TLSSocket
  return {
    path: url,
    authorization: headers.authorization,
    impersonation: Object.entries(headersDistinct)
      .flatMap(([name, values = []]) =>
        name.startsWith('impersonate-') ? values.map((value) => `${name}: ${value}`) : [],
      )
      .toSorted(),
    certificate: isTls ? [socket.getPeerCertificate().subject?.CN].flat()[0] : undefined,
    serverName: isTls ? socket.servername : undefined,
  }
}
