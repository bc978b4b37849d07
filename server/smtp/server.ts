import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'
import type { Credentials } from '../auth/credentials.ts'
import { acceptsSender, type SaslResponse } from '../auth/sasl.ts'
import type { Log } from '../log.ts'
import type { ConnectionLimit } from '../net/connection-limit.ts'
import { listen } from '../net/listener.ts'
import { secureSocket } from '../net/secure-socket.ts'
import type { SecureContextSource } from '../net/tls.ts'
import type { MailStore } from '../store/mail-store.ts'
import { StoreError } from '../store/store-error.ts'
import { greetAtOnce, openConnection, refuse } from './connection.ts'
import { DataAborted, receiveData } from './data.ts'
import { replies, replyTo, SmtpError } from './replies.ts'
import {
  addRecipient,
  describeOrigin,
  describeReception,
  type Session,
  saslResponse,
} from './session.ts'

export type SmtpOptions = {
  readonly store: Pick<MailStore, 'receive' | 'transactions' | 'inboxes'>
  /** 0 is any free port. */
  readonly port: number
  /** Null: both loopback addresses. */
  readonly host: string | null
  readonly secureContext: SecureContextSource
  /** TLS from the first octet on (RFC 8314 §3.3) instead of STARTTLS. */
  readonly implicitTls?: boolean
  /** Offers STARTTLS (RFC 3207); the default. */
  readonly startTls?: boolean
  /** Null: no login is needed, and any is taken. */
  readonly auth: Credentials | null
  /** Octets. */
  readonly maxMessageSize: number
  readonly maxRecipients: number
  /** The id of the inbox that everything which comes here belongs to. */
  readonly inbox?: string
  /** Milliseconds without a whole command from the client, or an octet of its message: 60 s by default. */
  readonly idleTimeout?: number
  /** Milliseconds from DATA to the final dot: 10 min by default. */
  readonly messageTimeout?: number
  /** Shared with the other front-ends. */
  readonly limit?: ConnectionLimit
  readonly log: Log
  /** See `ListenOptions`. */
  readonly keepsProcessAlive?: boolean
}

export type SmtpServer = {
  readonly port: number
  readonly addresses: readonly string[]
  /** Serves a client that came another way than by the port; `close` does not wait for it. */
  accept(socket: Socket): void
  /**
   * Accepts nothing more; tells idle clients 421; lets messages under way come to their end, for 8 seconds. Resolves
   * in less than 10 seconds, when every connection is closed.
   */
  close(): Promise<void>
}

const DATA_GRACE = 8_000
const FAREWELL_GRACE = 1_000
const MAX_FAILED_LOGINS = 10
// "12288 octets is considered to be a sufficient line length limit" for AUTH (RFC 4954 §4), with the command's name.
const MAX_COMMAND_LENGTH = 12_400

/**
 * Catches mail by SMTP (RFC 5321). smtp-server speaks the protocol; here is what it shall decide. Rejects with
 * PortInUseError.
 */
export async function serveSmtp(options: SmtpOptions): Promise<SmtpServer> {
  const { store, auth, maxMessageSize, maxRecipients, log, secureContext } = options
  const { idleTimeout = 60_000, messageTimeout = 600_000 } = options
  const listenerName = options.implicitTls ? 'smtps' : 'smtp'
  const sessions = new WeakMap<SMTPServerSession, Session>()
  /** The connections between the beginning of DATA and its last reply. */
  const receiving = new Set<SMTPConnection>()
  let isClosing = false
  let onIdle = () => {}

  const sessionOf = (state: SMTPServerSession): Session => {
    const session = sessions.get(state)
    if (!session) throw new Error('a session without its connection')
    return session
  }

  const isAccepted = (response: SaslResponse) =>
    acceptsSender(auth, response, user => store.inboxes.credentialsOf(user))

  let isDistrustTold = false
  const tellDistrust = () => {
    if (isDistrustTold) return
    isDistrustTold = true
    log.warn(
      'an app began TLS by itself, and left: it seems not to trust our certificate. Switch TLS off in its settings, or start with --no-starttls',
    )
  }

  const receive = async (
    stream: SMTPServerDataStream,
    state: SMTPServerSession,
  ): Promise<number> => {
    const session = sessionOf(state)
    const { connection } = session
    const arrival = store.receive({
      ...describeReception(state, session, listenerName),
      ...(options.inbox !== undefined && { inboxes: [options.inbox] }),
    })
    const deadline = setTimeout(() => refuse(connection, replies.tooSlow()), messageTimeout)
    try {
      const { message } = await receiveData(stream, arrival, {
        limit: maxMessageSize,
        onFlood: () => {
          refuse(connection, replies.tooBig(maxMessageSize))
          connection.close()
        },
      })
      return message.id
    } finally {
      clearTimeout(deadline)
    }
  }

  const smtp = new SMTPServer({
    banner: 'Mailcatch',
    secure: options.implicitTls ?? false,
    logger: false,
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
    authOptional: auth === null,
    allowInsecureAuth: true,
    disabledCommands: [
      ...['XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL'],
      ...(options.startTls === false ? ['STARTTLS'] : []),
    ],
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    size: maxMessageSize,
    maxCommandLength: MAX_COMMAND_LENGTH,
    socketTimeout: idleTimeout,

    onConnect: (_state, callback) => callback(),

    onClose(state) {
      const { connection, transaction } = sessionOf(state)
      // A message that came in full is stored, though nobody hears of it.
      if (!receiving.has(connection)) transaction?.end()
    },

    onSecure(socket, state, callback) {
      const secured = socket as TLSSocket
      sessionOf(state).tls = {
        protocol: secured.getProtocol() ?? 'unknown',
        cipher: secured.getCipher().name,
      }
      callback()
    },

    onAuth(exchange, state, callback) {
      if (state.envelope.mailFrom) return callback(replies.authInTransaction())
      const response = saslResponse(exchange)
      if (!response || !isAccepted(response)) {
        const isLast = ++sessionOf(state).failedLogins === MAX_FAILED_LOGINS
        return callback(isLast ? replies.tooManyFailedLogins() : replies.wrongCredentials())
      }
      callback(null, { user: { username: response.user } })
    },

    onMailFrom({ address }, state, callback) {
      const session = sessionOf(state)
      session.recipients = []
      session.recipientOctets = 0
      session.transaction = store.transactions.begin(describeOrigin(state, address, listenerName))
      callback()
    },

    onRcptTo(address, state, callback) {
      const session = sessionOf(state)
      const hasRoom = session.recipients.length < maxRecipients && addRecipient(session, address)
      callback(hasRoom ? null : replies.tooManyRecipients())
    },

    onData(stream, state, callback) {
      const { connection, transaction } = sessionOf(state)
      transaction?.address()
      receiving.add(connection)
      receive(stream, state)
        .then(
          id => callback(null, replies.queued(id)),
          error => {
            if (error instanceof DataAborted) {
              log.info(`SMTP: ${state.remoteAddress} left within a message: ${error.message}`)
              return
            }
            callback(answer(error))
          },
        )
        .finally(() => {
          // Has its last reply, or nobody to reply to.
          transaction?.end()
          receiving.delete(connection)
          if (!isClosing) return
          refuse(connection, replies.shuttingDown())
          if (receiving.size === 0) onIdle()
        })
    },
  })

  const answer = (error: unknown): SmtpError => {
    const reply = replyTo(error, maxMessageSize)
    if (!reply) {
      log.error('SMTP: a message was not stored', error)
      return new SmtpError(451, '4.3.0 The message could not be stored')
    }
    const isOurFault = error instanceof StoreError && (error.code === 'full' || error.code === 'io')
    if (isOurFault) log.error(`SMTP: a message was refused: ${error.message}`)
    else log.info(`SMTP: a message was refused: ${reply.responseCode} ${reply.message}`)
    return reply
  }

  smtp.on('error', error => log.info(`SMTP: ${error.message}`))
  smtp.connect = (socket, socketOptions) => {
    if (isClosing) {
      socket.destroy()
      return
    }
    const connection = openConnection(socket, {
      server: smtp,
      options: socketOptions,
      secureContext,
      idleTimeout,
      log,
      onTlsAbandoned: tellDistrust,
      onReset: () => session.transaction?.end(),
    })
    const session: Session = { connection, recipients: [], recipientOctets: 0, failedLogins: 0 }
    sessions.set(connection.session, session)
    greetAtOnce(connection)
  }

  const handOver = (socket: Socket) => {
    if (!socket.destroyed) smtp.server.emit('connection', socket)
  }
  const handshakes = new Set<Socket>()
  /**
   * The handshake is ours: smtp-server asks a connection that broke within it for its protocol, which ends the process
   * (Node 20), and gives a client all of its time anew with each octet.
   */
  const handOverToTls = async (socket: Socket): Promise<unknown> => {
    const context = await secureContext().catch(error => log.error('SMTP: no certificate', error))
    if (!context || socket.destroyed) return socket.destroy()
    const timer = setTimeout(() => socket.destroy(), idleTimeout).unref()
    handshakes.add(socket)
    try {
      smtp.connect(await secureSocket(socket, secureContext, 'smtp'))
    } catch (error) {
      log.info(`SMTP: TLS could not be begun: ${(error as Error).message}`)
    } finally {
      clearTimeout(timer)
      handshakes.delete(socket)
    }
  }

  const listener = await listen({
    frontEnd: options.implicitTls ? 'SMTPS' : 'SMTP',
    port: options.port,
    host: options.host,
    ...(options.limit && { limit: options.limit }),
    ...(!options.implicitTls && { refusal: replies.tooManyConnections }),
    log,
    keepsProcessAlive: options.keepsProcessAlive ?? true,
    onConnection: socket => {
      if (options.implicitTls) void handOverToTls(socket)
      else handOver(socket)
    },
  })

  const close = async () => {
    isClosing = true
    const closed = listener.close()
    // Not listening itself, it only answers 421 to every command from now on.
    smtp.close()
    for (const socket of handshakes) socket.destroy()
    const idle = new Promise<void>(resolve => {
      onIdle = resolve
    })
    for (const connection of smtp.connections) {
      if (!receiving.has(connection)) refuse(connection, replies.shuttingDown())
    }
    if (receiving.size > 0) await within(DATA_GRACE, idle)
    for (const connection of receiving) refuse(connection, replies.shuttingDown())
    await within(FAREWELL_GRACE, closed)
    for (const socket of listener.sockets) socket.destroy()
    await closed
  }

  return { port: listener.port, addresses: listener.addresses, accept: handOver, close }
}

/** Resolves with the promise, or after so many milliseconds. */
async function within(milliseconds: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>(resolve => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([promise, timeout])
  clearTimeout(timer)
}
