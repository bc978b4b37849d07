import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Log } from '../log.ts'
import { ConnectionLimit } from './connection-limit.ts'

/** The port of a front-end is taken by another process. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError'
  readonly port: number
  readonly host: string
  /** As `listen` was told it: `SMTP`, `HTTP`. */
  readonly frontEnd: string

  constructor(frontEnd: string, host: string, port: number, options?: ErrorOptions) {
    super(`${frontEnd} port ${port} on ${host} is in use`, options)
    this.frontEnd = frontEnd
    this.host = host
    this.port = port
  }
}

export type ListenOptions = {
  /** The front-end's name, for errors and the log. */
  readonly frontEnd: string
  /** 0 is any free port. */
  readonly port: number
  /** Null: 127.0.0.1 and ::1 with the same number. */
  readonly host: string | null
  /** Shared by the front-ends, so that it counts them together. */
  readonly limit?: ConnectionLimit
  /** What a client reads whom the limit keeps out; nothing where the protocol cannot say it. */
  readonly refusal?: string
  readonly log: Log
  /** False: neither the port nor a connection to it keeps the process running. */
  readonly keepsProcessAlive?: boolean
  /** Takes a socket over, usually by `server.emit('connection', socket)` on a server that never listens itself. */
  onConnection(socket: Socket): void
}

export type Listener = {
  readonly port: number
  /** The addresses that it is bound to. */
  readonly addresses: readonly string[]
  /** The open connections. */
  readonly sockets: ReadonlySet<Socket>
  /** Accepts nothing more from now on; resolves when the last connection is gone. Ends none by itself. */
  close(): Promise<void>
}

const LOOPBACK = ['127.0.0.1', '::1']
const MISSING_FAMILY = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])
const ATTEMPTS = 10

/**
 * Listens for any front-end. `localhost` may resolve to either loopback address, so both are bound, with the same
 * number; a machine without IPv6 (or IPv4) is no error. Rejects with PortInUseError.
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const limit = options.limit ?? new ConnectionLimit()
  const sockets = new Set<Socket>()

  const accept = (socket: Socket) => {
    // The front-end has its own listener; without this one, a reset before it is there would end the process.
    socket.on('error', () => {})
    if (!limit.admit(socket)) {
      if (options.refusal !== undefined) socket.write(options.refusal)
      socket.destroySoon()
      return
    }
    if (options.keepsProcessAlive === false) socket.unref()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    options.onConnection(socket)
  }

  const servers = await bindWithRetry(options, accept)
  for (const server of servers) {
    if (options.keepsProcessAlive === false) server.unref()
    // Such as EMFILE at accept: that connection is lost, the server lives.
    server.on('error', error => options.log.warn(`${options.frontEnd}: ${error.message}`))
  }
  const bound = servers.map(server => server.address() as AddressInfo)
  return {
    port: bound[0]?.port ?? 0,
    addresses: bound.map(({ address }) => address),
    sockets,
    close: async () => {
      await Promise.all(servers.map(closeServer))
      // A server counts a socket as gone a little before the socket says so.
      await Promise.all([...sockets].map(socket => new Promise(gone => socket.once('close', gone))))
    },
  }
}

async function bindWithRetry(
  options: ListenOptions,
  accept: (socket: Socket) => void,
): Promise<readonly Server[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await bindAll(options, accept)
    } catch (error) {
      // A free IPv4 number may be taken on IPv6.
      const mayRetry = options.port === 0 && error instanceof PortInUseError
      if (!mayRetry || attempt === ATTEMPTS) throw error
    }
  }
}

/** Binds every address, or none. */
async function bindAll(
  options: ListenOptions,
  accept: (socket: Socket) => void,
): Promise<readonly Server[]> {
  const servers: Server[] = []
  let missing: unknown
  let port = options.port
  for (const host of options.host === null ? LOOPBACK : [options.host]) {
    const server = createServer({ noDelay: true }, accept)
    try {
      server.listen({ port, host })
      await once(server, 'listening')
      servers.push(server)
      port = (server.address() as AddressInfo).port
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (options.host === null && MISSING_FAMILY.has(code)) {
        missing = error
        continue
      }
      await Promise.all(servers.map(closeServer))
      if (code === 'EADDRINUSE') {
        throw new PortInUseError(options.frontEnd, host, port, { cause: error })
      }
      throw error
    }
  }
  if (servers.length === 0) throw missing
  return servers
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await closed
}
