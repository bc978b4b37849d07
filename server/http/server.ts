import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { listen } from '../net/listener.ts'
import { createFetch, guard } from './app.ts'
import type { HttpContext, HttpOptions } from './context.ts'
import { putDefaultHeaders } from './headers.ts'
import { Live } from './live.ts'
import { HttpProblem } from './problem.ts'
import { answerRaw } from './raw-answer.ts'
import type { Bindings } from './route.ts'
import { upgradeHandler } from './upgrade.ts'

export type { HttpOptions } from './context.ts'

/** Milliseconds that requests under way have to end when the server closes. */
const grace = 5_000

/**
 * Serves the API, the event stream and the web inbox.
 *
 * @example
 * const { port, close } = await serveHttp({ store, port: 8025, host: null, basePath: '/', … })
 */
export async function serveHttp(
  options: HttpOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { store, log } = options
  let port = options.port
  let isClosing = false
  const http: HttpContext = {
    ...options,
    ports: () => ({ ...options.ports, http: port }),
    live: new Live(store),
    startedAt: Date.now(),
  }

  const server = createServer({
    headersTimeout: 15_000,
    requestTimeout: 60_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 16_384,
  })
  const fetch = createFetch(http, () => isClosing)
  const respond = getRequestListener(
    (request, bindings) => fetch(request, bindings as unknown as Bindings),
    {
      overrideGlobalObjects: false,
      // What is thrown before there is a Request: a target or Host that makes no URL.
      errorHandler: () => {
        const response = new HttpProblem(400, 'The request makes no URL.').toResponse()
        putDefaultHeaders(response.headers)
        return response
      },
    },
  )
  server.on('request', (request, response) => void respond(request, response))
  const upgrades = upgradeHandler(server, http, guard(http))
  server.on('upgrade', upgrades.handle)
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') socket.destroy()
    else answerRaw(socket, clientProblem(error.code))
  })

  const listener = await listen({
    frontEnd: 'HTTP',
    port: options.port,
    host: options.host,
    ...(options.limit && { limit: options.limit }),
    log,
    keepsProcessAlive: options.keepsProcessAlive ?? true,
    onConnection: socket => server.emit('connection', socket),
  })
  port = listener.port
  // A server that is handed its connections never listens, and would not look after its time-outs.
  server.emit('listening')

  return {
    port,
    async close() {
      isClosing = true
      const closed = listener.close()
      http.live.close()
      server.closeIdleConnections()
      const timer = setTimeout(() => {
        for (const socket of listener.sockets) socket.destroy()
      }, grace)
      await closed
      clearTimeout(timer)
      upgrades.close()
      server.close()
    },
  }
}

function clientProblem(code: string | undefined): HttpProblem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HttpProblem(431, 'The header fields are larger than 16384 octets.')
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new HttpProblem(408, 'The request took too long.')
  return new HttpProblem(400, 'This is no HTTP request.')
}
