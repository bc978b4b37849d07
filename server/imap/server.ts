import type { Socket } from 'node:net'
import type { Credentials } from '../auth/credentials.ts'
import type { Log } from '../log.ts'
import type { ConnectionLimit } from '../net/connection-limit.ts'
import { listen } from '../net/listener.ts'
import type { SecureContextSource } from '../net/tls.ts'
import type { MailStore } from '../store/mail-store.ts'
import { Connection } from './connection.ts'
import { MailboxWatch } from './mailbox-watch.ts'
import { RecentMessages } from './recent.ts'
import { Session, type SessionOptions } from './session.ts'

export type ImapOptions = {
  readonly store: MailStore
  /** 0 is any free port. */
  readonly port: number
  /** Null: both loopback addresses. */
  readonly host: string | null
  readonly secureContext: SecureContextSource
  /** TLS from the first octet on (RFC 8314 §3.2) instead of STARTTLS. */
  readonly implicitTls?: boolean
  /** Offers STARTTLS (RFC 9051 §6.2.1); the default. */
  readonly startTls?: boolean
  /** Null: any login is taken. */
  readonly auth: Credentials | null
  /** Clients may take messages away; the default. */
  readonly allowDelete?: boolean
  /** Octets of a message that a client appends. */
  readonly maxMessageSize: number
  /** Milliseconds without a command before login: 60 s by default. */
  readonly loginTimeout?: number
  /** The same after it: 30 min by default, the least that RFC 9051 §5.4 allows. */
  readonly idleTimeout?: number
  /** Milliseconds from the announcement of a message to its end: 10 min by default. */
  readonly messageTimeout?: number
  /** Milliseconds that a client may leave answers untaken: 60 s by default. */
  readonly patience?: number
  /** Shared with the other front-ends. */
  readonly limit?: ConnectionLimit
  readonly log: Log
  /** See `ListenOptions`. */
  readonly keepsProcessAlive?: boolean
}

export type ImapServer = {
  readonly port: number
  readonly addresses: readonly string[]
  /**
   * Accepts nothing more; tells clients BYE, those within a command when it is done, for 8 seconds. Resolves in less
   * than 10 seconds, when every connection is closed.
   */
  close(): Promise<void>
}

const COMMAND_GRACE = 8_000

/** Serves the mail to clients by IMAP (RFC 9051, RFC 3501). Rejects with PortInUseError. */
export async function serveImap(options: ImapOptions): Promise<ImapServer> {
  const { store, secureContext, log, implicitTls = false, patience = 60_000 } = options
  const frontEnd = implicitTls ? 'IMAPS' : 'IMAP'
  const sessions = new Set<Session>()
  const watch = new MailboxWatch(store)
  const sessionOptions: SessionOptions = {
    store,
    watch,
    recent: recentOf(store),
    auth: options.auth,
    secureContext: options.startTls === false ? null : secureContext,
    allowDelete: options.allowDelete ?? true,
    maxMessageSize: options.maxMessageSize,
    loginTimeout: options.loginTimeout ?? 60_000,
    idleTimeout: options.idleTimeout ?? 1_800_000,
    messageTimeout: options.messageTimeout ?? 600_000,
    log,
  }
  let isClosing = false

  const serve = async (socket: Socket) => {
    const session = new Session(new Connection(socket, patience), sessionOptions)
    sessions.add(session)
    await session.serve(implicitTls ? secureContext : null)
    sessions.delete(session)
  }

  const listener = await listen({
    frontEnd,
    port: options.port,
    host: options.host,
    ...(options.limit && { limit: options.limit }),
    ...(!implicitTls && { refusal: '* BYE [UNAVAILABLE] too many connections\r\n' }),
    log,
    keepsProcessAlive: options.keepsProcessAlive ?? true,
    onConnection: socket => {
      if (isClosing) return socket.destroy()
      void serve(socket)
    },
  })

  const close = async () => {
    isClosing = true
    const closed = listener.close()
    for (const session of sessions) session.shutDown()
    const timer = setTimeout(() => {
      for (const socket of listener.sockets) socket.destroy()
    }, COMMAND_GRACE)
    await closed
    clearTimeout(timer)
    watch.close()
  }

  return { port: listener.port, addresses: listener.addresses, close }
}

/** One for all the ports of a store, so that a message is recent to one session only. */
const recents = new WeakMap<object, RecentMessages>()

const recentOf = (store: object): RecentMessages => {
  const known = recents.get(store) ?? new RecentMessages()
  recents.set(store, known)
  return known
}
