import type { Socket } from 'node:net'
import type { Credentials } from '../auth/credentials.ts'
import type { Log } from '../log.ts'
import type { ConnectionLimit } from '../net/connection-limit.ts'
import { listen } from '../net/listener.ts'
import type { SecureContextSource } from '../net/tls.ts'
import type { Service } from './command.ts'
import { prepareCredentials } from './login.ts'
import { type Patience, Session } from './session.ts'

export type Pop3Options = {
  readonly store: Service['store']
  /** 0 is any free port. */
  readonly port: number
  /** Null: both loopback addresses. */
  readonly host: string | null
  readonly secureContext: SecureContextSource
  /** TLS from the first octet on (RFC 8314 §3.3) instead of STLS. */
  readonly implicitTls?: boolean
  /** Offers STLS (RFC 2595 §4); the default. */
  readonly startTls?: boolean
  /** Null: any login is taken. */
  readonly auth: Credentials | null
  /** Whether DELE is obeyed; the default. */
  readonly allowDelete?: boolean
  /** After how many milliseconds the store lets go of a message, null where age is no reason. */
  readonly maxAge?: number | null
  /** Milliseconds to wait for a maildrop that is in use: 2 s by default. */
  readonly lockPatience?: number
  readonly patience?: Partial<Patience>
  /** Shared with the other front-ends. */
  readonly limit?: ConnectionLimit
  readonly log: Log
  /** See `ListenOptions`. */
  readonly keepsProcessAlive?: boolean
}

export type Pop3Server = {
  readonly port: number
  readonly addresses: readonly string[]
  /**
   * Accepts nothing more and ends every session; one that is within an answer may finish it, for 8 seconds. What is marked
   * as deleted stays.
   */
  close(): Promise<void>
}

const patience: Patience = { login: 60_000, idle: 600_000, write: 60_000, failure: 1_000 }
/** Milliseconds that an answer has to end when the server closes. */
const grace = 8_000

/** Serves the INBOX of every account by POP3 (RFC 1939). Rejects with PortInUseError. */
export async function servePop3(options: Pop3Options): Promise<Pop3Server> {
  const { store, auth, secureContext, implicitTls = false, log } = options
  const service: Service = {
    store,
    auth: auth && prepareCredentials(auth),
    allowDelete: options.allowDelete ?? true,
    startTls: options.startTls ?? true,
    maxAge: options.maxAge ?? null,
    lockPatience: options.lockPatience ?? 2_000,
  }
  const sessionOptions = {
    service,
    secureContext,
    implicitTls,
    patience: { ...patience, ...options.patience },
    log,
  }
  const sessions = new Set<Session>()

  const listener = await listen({
    frontEnd: implicitTls ? 'POP3S' : 'POP3',
    port: options.port,
    host: options.host,
    ...(options.limit && { limit: options.limit }),
    ...(!implicitTls && { refusal: '-ERR [SYS/TEMP] too many connections\r\n' }),
    log,
    keepsProcessAlive: options.keepsProcessAlive ?? true,
    onConnection: (socket: Socket) => {
      const session = new Session(socket, sessionOptions)
      sessions.add(session)
      void session.run().finally(() => sessions.delete(session))
    },
  })

  return {
    port: listener.port,
    addresses: listener.addresses,
    async close() {
      const closed = listener.close()
      for (const session of sessions) session.end()
      const timer = setTimeout(() => {
        for (const socket of listener.sockets) socket.destroy()
      }, grace)
      await closed
      clearTimeout(timer)
    },
  }
}
