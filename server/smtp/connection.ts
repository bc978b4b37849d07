import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { SMTPServer } from 'smtp-server'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'
import type { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import type { Log } from '../log.ts'
import type { SecureContextSource } from '../net/tls.ts'
import { readPathCommand } from './path.ts'
import { replies, type SmtpError } from './replies.ts'

export type ConnectionOptions = {
  readonly server: SMTPServer
  /** What smtp-server hands to its `connect`. */
  readonly options: Parameters<SMTPServer['connect']>[1]
  readonly secureContext: SecureContextSource
  /** Milliseconds in which a command has to come, whole. */
  readonly idleTimeout: number
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
  goOnBehindMessages(connection)
  stopAtLongLines(connection)
  turnAwayHttp(connection)
  limitCommands(connection, socket, context)
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

/**
 * smtp-server forgets how to go on behind a message that it met whole while it went on behind the one before: a client that
 * sends several in one go would wait for ever.
 */
function goOnBehindMessages({ _parser: parser }: SMTPConnection): void {
  if (!parser) return
  parser.continue = () => {
    const goOn = parser._continueCallback
    parser._continueCallback = typeof goOn !== 'function'
    if (typeof goOn === 'function') goOn()
  }
}

/** What is left of a line that is too long would be read as a command, if it came in a segment of its own. */
function stopAtLongLines({ _parser: parser }: SMTPConnection): void {
  if (!parser) return
  const tooLong = parser._commandTooLong.bind(parser)
  parser._commandTooLong = () => {
    parser.isClosed = true
    return tooLong()
  }
}

/**
 * smtp-server knows the requests of some methods, for a path. A page may choose any method, and what it has its browser
 * send to a mail port is not to be read as commands line by line.
 */
function turnAwayHttp(connection: SMTPConnection): void {
  const run = connection._onCommand.bind(connection)
  connection._onCommand = (command, callback) => {
    if (HTTP.test(command.toString())) refuse(connection, replies.noHttp())
    else run(command, callback)
  }
}

/** The end of a request line (RFC 9112 §3), which the preface of HTTP/2 has too. */
const HTTP = / HTTP\/\d(?:\.\d)?$/i

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

/**
 * smtp-server counts idle time from the last octet, so that who sends one now and then is never left. Here a command has
 * to be whole in time, and the handshake of TLS to be done. A message has a time of its own.
 */
function limitCommands(
  connection: SMTPConnection,
  socket: Socket,
  { idleTimeout }: Pick<ConnectionOptions, 'idleTimeout'>,
): void {
  const timer = setTimeout(() => {
    const isOurTurn = connection._handlerPending || connection._dataStream
    if (isOurTurn) timer.refresh()
    else refuse(connection, replies.tooSlowCommand())
  }, idleTimeout).unref()
  socket.once('close', () => clearTimeout(timer))
  const run = connection._onCommand.bind(connection)
  connection._onCommand = (command, callback) => {
    timer.refresh()
    run(command, callback)
  }
  // Behind a message, and once there is TLS.
  const reset = connection._resetSession.bind(connection)
  connection._resetSession = () => {
    timer.refresh()
    reset()
  }
}

/**
 * The certificate may have to be made first. What comes behind STARTTLS in clear text may be anybody's (CVE-2011-0411):
 * smtp-server passes over it, and goes on with a client that thinks it was heard; here it ends the connection.
 */
function awaitSecureContext(
  connection: SMTPConnection,
  socket: Socket,
  {
    server,
    secureContext,
    log,
    onTlsAbandoned,
  }: Pick<ConnectionOptions, 'server' | 'secureContext' | 'log' | 'onTlsAbandoned'>,
): void {
  const startTls = connection.handler_STARTTLS.bind(connection)
  // smtp-server takes every listener off the socket when it starts TLS, the listener's own too, which counts.
  const closeListeners = socket.listeners('close') as (() => void)[]
  const start = async (command: Buffer, isFollowed: () => boolean) => {
    // The parser goes on with its segment once the handler has returned.
    await setImmediate()
    if (!isFollowed()) server.secureContext.set('*', await secureContext())
    // The client may be gone by now.
    if (socket.destroyed) return
    if (isFollowed()) return refuse(connection, replies.followedStartTls())
    startTls(command, () => {})
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
    const parser = connection._parser
    const isBare = /^\S+$/.test(command.toString().trim())
    if (!parser || !isBare || connection.secure) return startTls(command, callback)
    const { run, isFollowed } = holdBack(parser, socket)
    callback()
    start(command, isFollowed).catch(error => {
      log.error('SMTP: TLS is not available', error)
      refuse(connection, isFollowed() ? replies.followedStartTls() : replies.tlsNotAvailable())
      run()
    })
  }
}

/** Lets no command be run until `run` is called; `isFollowed` tells whether any octets came. */
function holdBack(parser: SMTPStream, socket: Socket) {
  const { oncommand } = parser
  let hasLine = false
  parser.oncommand = () => {
    hasLine = true
  }
  return {
    isFollowed: () =>
      hasLine || parser._remainder !== '' || parser.writableLength > 0 || socket.readableLength > 0,
    run: () => {
      parser.oncommand = oncommand
    },
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
