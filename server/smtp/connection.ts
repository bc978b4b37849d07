import type { Socket } from 'node:net'
import type { SMTPServer } from 'smtp-server'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'
import type { Log } from '../log.ts'
import type { SecureContextSource } from '../net/tls.ts'
import { readPathCommand } from './path.ts'
import { replies, type SmtpError } from './replies.ts'

export type ConnectionOptions = {
  readonly server: SMTPServer
  /** What smtp-server hands to its `connect`. */
  readonly options: Parameters<SMTPServer['connect']>[1]
  readonly secureContext: SecureContextSource
  readonly log: Log
  /** The client began TLS, and left before it said anything in it: so does who distrusts the certificate. */
  onTlsAbandoned(): void
  /** The transaction that there may have been is over (RFC 5321 §4.1.4): the last reply, RSET, EHLO, TLS. */
  onReset(): void
}

/**
 * smtp-server's connection, with what Mailcatch decides otherwise where smtp-server has no option for it. All of it is
 * in this file; whoever raises the version of smtp-server reads it again. It does nothing before `greetAtOnce`.
 */
export function openConnection(
  socket: Socket,
  { options, ...context }: ConnectionOptions,
): SMTPConnection {
  const { server } = context
  const connection = new SMTPConnection(server, socket, options)
  server.connections.add(connection)
  connection.on('error', error => server.emit('error', error))

  keepOwnStatusCodes(connection)
  keepAddresses(connection)
  refuseAuthInTransaction(connection)
  awaitSecureContext(connection, socket, context)
  tellResets(connection, context)
  return connection
}

/** Answers what is no bug of ours, and goes on. */
export function refuse(connection: SMTPConnection, error: SmtpError): void {
  connection.send(error.responseCode, error.message)
}

/** smtp-server chooses an enhanced status code by the reply code alone; a reply that brings its own keeps it. */
function keepOwnStatusCodes(connection: SMTPConnection): void {
  const send = connection.send.bind(connection)
  connection.send = (code, data, context) => {
    const hasOwn = typeof data === 'string' && /^[245]\.\d{1,3}\.\d{1,3} /.test(data)
    send(code, data, hasOwn ? false : context)
  }
}

/**
 * smtp-server wants one @ and a domain, splits at white space within quotes, makes Unicode of `xn--` and decodes xtext.
 * We keep the addresses and parameters that the client gave, as it gave them.
 */
function keepAddresses(connection: SMTPConnection): void {
  connection._parseAddressCommand = (name, command) =>
    readPathCommand(name === 'mail from' ? 'MAIL FROM' : 'RCPT TO', command.toString()) ?? false
}

/** "The AUTH command is not permitted during a mail transaction" (RFC 4954 §4). */
function refuseAuthInTransaction(connection: SMTPConnection): void {
  const auth = connection.handler_AUTH.bind(connection)
  connection.handler_AUTH = (command, callback) => {
    if (!connection.session.envelope.mailFrom) return auth(command, callback)
    refuse(connection, replies.authInTransaction())
    callback()
  }
}

function tellResets(
  connection: SMTPConnection,
  { onReset }: Pick<ConnectionOptions, 'onReset'>,
): void {
  const reset = connection._resetSession.bind(connection)
  connection._resetSession = () => {
    reset()
    onReset()
  }
}

/** The certificate may have to be made first. */
function awaitSecureContext(
  connection: SMTPConnection,
  socket: Socket,
  { server, secureContext, log, onTlsAbandoned }: Omit<ConnectionOptions, 'options' | 'onReset'>,
): void {
  const startTls = connection.handler_STARTTLS.bind(connection)
  // smtp-server takes every listener off the socket when it starts TLS, the listener's own too, which counts.
  const closeListeners = socket.listeners('close') as (() => void)[]
  const start = async (command: Buffer, callback: () => void) => {
    server.secureContext.set('*', await secureContext())
    // The client may be gone by now.
    if (socket.destroyed) return
    startTls(command, callback)
    const kept = socket.listeners('close')
    for (const listener of closeListeners) {
      if (!kept.includes(listener)) socket.on('close', listener)
    }
    // Some send an alert first; Node just goes.
    socket.once('close', () => {
      if (!connection.secure || !connection.hostNameAppearsAs) onTlsAbandoned()
    })
  }
  connection.handler_STARTTLS = (command, callback) => {
    start(command, callback).catch(error => {
      log.error('SMTP: TLS is not available', error)
      refuse(connection, replies.tlsNotAvailable())
      callback()
    })
  }
}

/**
 * smtp-server greets 100 ms after it accepted, and closes on whoever talked before: a defence against spam, which costs
 * each test of an app 100 ms, and fails `printf … | nc`.
 */
export function greetAtOnce(connection: SMTPConnection): void {
  const greet = connection.connectionReady.bind(connection)
  connection.init()
  // What its timer calls.
  connection.connectionReady = () => {}
  greet()
}
