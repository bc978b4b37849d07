import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Listener, type ListenOptions, listen } from '../net/listener.ts'
import { secureSocket } from '../net/secure-socket.ts'
import type { HttpOptions } from './context.ts'
import { inTurn } from './pipeline.ts'
import { HttpProblem, problemOf } from './problem.ts'
import { answerRaw } from './raw-answer.ts'
import type { Service } from './service.ts'

export type { HttpOptions } from './context.ts'

/** Milliseconds that requests under way have to end when the server closes. */
const grace = 5_000

/** Milliseconds that a client has for the TLS handshake. */
const handshakeTime = 15_000

/** Milliseconds that a client has for the rest of a body after it was answered. */
const patience = 1_000

/** What a client reads whom the connection limit keeps out. */
const refusal = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

/**
 * Serves the API, the event stream and the web inbox. Rejects with PortInUseError.
 *
 * @example
 * const { port, close } = await serveHttp({ store, port: 8025, host: null, basePath: '/', … })
 */
export async function serveHttp(options: HttpOptions): Promise<{
  /** Null where there is HTTPS alone. */
  readonly port: number | null
  /** Null without HTTPS. */
  readonly httpsPort: number | null
  close(): Promise<void>
}> {
  const { log } = options
  const startedAt = Date.now()
  let isClosing = false
  const server = createServer({
    headersTimeout: 15_000,
    requestTimeout: 60_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 16_384,
    // Node's own refusal would say nothing, and lack the fields of every answer; the gate's says what is missing.
    requireHostHeader: false,
  })
  // Of a client that takes nothing of its answer any more; a stream of events has its heartbeat.
  server.timeout = 60_000

  // Hono, zod and ws are most of the start-up time: the port opens first, and whoever comes meanwhile waits.
  let service: Service | undefined
  let loading: Promise<Service> | undefined
  const load = (): Promise<Service> => {
    loading ??= import('./service.ts').then(({ createService }) => {
      service = createService(server, {
        ...options,
        ports: () => ({ ...options.ports, http: plain?.port ?? null, https: secure?.port ?? null }),
        startedAt,
      })
      if (isClosing) service.close()
      return service
    })
    return loading
  }
  const withService = (socket: Duplex, use: (service: Service) => void): void => {
    if (service) use(service)
    else
      load()
        .then(use)
        .catch(error => answerRaw(socket, problemOf(error, log)))
  }

  const responses = new Set<ServerResponse>()
  const take = inTurn()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    take(request.socket, done => {
      responses.add(response)
      response.once('close', () => {
        responses.delete(response)
        if (isClosing) endIdle()
        done()
      })
      response.once('finish', () => endUnlessComplete(request))
      withService(request.socket, ({ respond }) => respond(request, response))
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    take(socket, done => {
      withService(socket, ({ upgrade }) => {
        // Whatever comes behind it is no request of this parser.
        done()
        upgrade(request, socket, head)
      })
    }),
  )
  server.on('checkExpectation', ({ socket }: IncomingMessage) =>
    answerRaw(socket, new HttpProblem(417, 'Nothing but 100-continue can be expected.')),
  )
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') socket.destroy()
    else answerRaw(socket, clientProblem(error.code))
  })

  /** Connections by their sockets: over TLS what is spoken is not what is connected. */
  const spoken = new Map<Socket, Duplex>()
  const speak = (socket: Socket, over: Duplex): void => {
    spoken.set(socket, over)
    socket.once('close', () => spoken.delete(socket))
    server.emit('connection', over)
  }
  const common: Omit<ListenOptions, 'frontEnd' | 'port' | 'onConnection'> = {
    host: options.host,
    ...(options.limit && { limit: options.limit }),
    keepsProcessAlive: options.keepsProcessAlive ?? true,
    log,
  }
  const listenPlain = (port: number): Promise<Listener> =>
    listen({
      ...common,
      frontEnd: 'HTTP',
      port,
      refusal,
      onConnection: socket => speak(socket, socket),
    })
  const plain = options.port === null ? null : await listenPlain(options.port)
  let secure: Listener | null = null
  if (options.https) {
    const { port, secureContext } = options.https
    const onConnection = (socket: Socket): void => {
      const timer = setTimeout(() => socket.destroy(), handshakeTime)
      socket.once('close', () => clearTimeout(timer))
      secureSocket(socket, secureContext, 'http/1.1')
        .then(secured => speak(socket, secured))
        // A browser that does not know the authority says so itself; the connection is gone.
        .catch(() => {})
        .finally(() => clearTimeout(timer))
    }
    try {
      secure = await listen({ ...common, frontEnd: 'HTTPS', port, onConnection })
    } catch (error) {
      await plain?.close()
      throw error
    }
  }
  // A server that is handed its connections never listens, and would not look after its time-outs.
  server.emit('listening')
  setImmediate(() => {
    load().catch(error => log.error('http: cannot answer', error))
  })

  const listeners = [plain, secure].filter(each => each !== null)
  const sockets = (): readonly Socket[] => listeners.flatMap(each => [...each.sockets])

  /** Ends the connections that nothing goes on in; Node's own closeIdleConnections spares those without a request. */
  const endIdle = () => {
    const busy = new Set<Duplex>([...responses].map(({ req }) => req.socket))
    for (const socket of sockets()) {
      const over = spoken.get(socket)
      if (!over || !(busy.has(over) || service?.isWebSocket(over))) socket.destroy()
    }
  }

  return {
    port: plain?.port ?? null,
    httpsPort: secure?.port ?? null,
    async close() {
      isClosing = true
      const closed = Promise.all(listeners.map(each => each.close()))
      service?.close()
      endIdle()
      const timer = setTimeout(() => {
        for (const socket of sockets()) socket.destroy()
      }, grace)
      await closed
      clearTimeout(timer)
      await service?.end()
      // Ends its time-outs.
      server.close()
    },
  }
}

/** Ends the connection of a client that goes on with a body which was refused: Node would read it for as long as it comes. */
function endUnlessComplete(request: IncomingMessage): void {
  if (request.complete) return
  const timer = setTimeout(() => request.socket.destroy(), patience)
  request.once('close', () => clearTimeout(timer))
}

function clientProblem(code: string | undefined): HttpProblem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HttpProblem(431, 'The header fields are larger than 16384 octets.')
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new HttpProblem(408, 'The request took too long.')
  return new HttpProblem(400, 'This is no HTTP request.')
}
