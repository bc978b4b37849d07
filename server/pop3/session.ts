import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { setImmediate, setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { LineReader, LineTooLong } from '../net/line-reader.ts'
import { ClientGone, pacedWrite } from '../net/paced-write.ts'
import { secureSocket } from '../net/secure-socket.ts'
import type { SecureContextSource } from '../net/tls.ts'
import type { Answer, Next, Service, State } from './command.ts'
import { commands } from './commands.ts'
import { BadCommand, FinalError, Pop3Error } from './reply.ts'

/** Milliseconds. */
export type Patience = {
  /** For a command before the login, and for the TLS handshake. */
  readonly login: number
  /** For a command after it: at least ten minutes (RFC 1939 §3). */
  readonly idle: number
  /** With a client that takes nothing of its answer. */
  readonly write: number
  /** Between a login that failed and its answer. */
  readonly failure: number
}

export type SessionOptions = {
  readonly service: Service
  readonly secureContext: SecureContextSource
  /** TLS from the first octet on. */
  readonly implicitTls: boolean
  readonly patience: Patience
  readonly log: Log
}

/** Octets of a command, its line end among them (RFC 2449 §4). */
const maxLine = 255
/** The same where SASL is spoken, whose responses may be longer. */
const maxSaslLine = 12_288
/** So many bad commands one after the other end the session. */
const maxBad = { authorization: 3, transaction: 20 } as const
const maxFailures = 5
/** After so many commands that were there already others have their turn. */
const turn = 50
/** Milliseconds in which a client can take our last words. */
const farewell = 1_000

/** A browser's request; behind its first line a web page can make it say anything. */
const HTTP = /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI) |HTTP\/\d/

/** One connection, from the greeting to its end (RFC 1939 §3). */
export class Session {
  readonly #options: SessionOptions
  readonly #timestamp = `<${randomBytes(12).toString('hex')}.${Date.now()}@mailcatch>`
  #socket: Socket
  #reader: LineReader
  #state: State = { name: 'authorization', user: null, isUtf8: false }
  #isSecure = false
  #isFirstLine = true
  #bad = 0
  #failures = 0
  /** Commands without waiting for the client. */
  #inARow = 0
  #isWaiting = false
  #isEnding = false

  constructor(socket: Socket, options: SessionOptions) {
    this.#socket = socket
    this.#reader = new LineReader(socket)
    this.#options = options
  }

  /** Resolves when the session is over and the maildrop free. Never rejects. */
  async run(): Promise<void> {
    const { implicitTls, log } = this.#options
    try {
      if (implicitTls) await this.#beginTls()
      await this.#write(`+OK Mailcatch ${this.#timestamp}\r\n`)
      for (let next = await this.#step(); next !== 'close'; next = await this.#step()) {
        if (next === 'begin TLS') await this.#beginTls()
      }
      this.#leave()
      this.#hangUp()
    } catch (error) {
      if (!(error instanceof ClientGone)) log.error('POP3: a session broke off', error)
      this.#leave()
      this.#socket.destroy()
    }
  }

  /** Ends it: at once where it waits for the client, else behind the answer that is under way. */
  end(): void {
    this.#isEnding = true
    if (this.#isWaiting) this.#hangUp()
  }

  /** Reads a command and answers it. */
  async #step(): Promise<Next> {
    let isBegun = false
    try {
      const line = await this.#nextLine()
      if (line === null) return 'close'
      this.#socket.cork()
      const { text, lines, next = 'read' } = await this.#obey(line)
      for await (const piece of lines ?? []) {
        if (!isBegun) await this.#write(`+OK ${text}\r\n`)
        isBegun = true
        await this.#write(piece)
      }
      if (!isBegun) await this.#write(`+OK ${text}\r\n`)
      if (lines) await this.#write('.\r\n')
      return next
    } catch (error) {
      // Nobody may take half an answer for the whole.
      if (isBegun || error instanceof ClientGone) throw error
      return this.#refuse(error)
    }
  }

  async #obey(line: Buffer): Promise<Answer> {
    const { service, log } = this.#options
    const space = line.indexOf(' ')
    const end = space < 0 ? line.length : space
    const keyword = line.toString('latin1', 0, end).toUpperCase()
    if (this.#isFirstLine && HTTP.test(line.toString('latin1'))) {
      log.info('POP3: a browser, or another client of HTTP, was turned away')
      throw new FinalError('this is POP3, and no web server')
    }
    this.#isFirstLine = false
    const state = this.#state
    // PASS comes right behind USER, or not at all (RFC 1939 §7).
    if (state.name === 'authorization') this.#state = { ...state, user: null }

    const command = commands.get(keyword)
    if (!command) throw new BadCommand('unknown command')
    if (keyword !== 'AUTH' && line.length + 2 > maxLine)
      throw new BadCommand('the line is too long')
    if (!command.states.includes(state.name)) {
      throw new BadCommand(state.name === 'authorization' ? 'log in first' : 'you are logged in')
    }
    const running = command.run(
      {
        service,
        state,
        timestamp: this.#timestamp,
        isSecure: this.#isSecure,
        ask: challenge => this.#ask(challenge),
      },
      line.subarray(end + 1),
    )
    // It may take its time: the answers before it do not wait for that.
    if (running instanceof Promise) this.#letOut()
    const answer = await running
    if (answer.state) this.#state = answer.state
    this.#bad = 0
    if (answer.next === 'close') this.#leave()
    // What came behind STLS came before TLS: from anybody (RFC 2595 §4).
    if (answer.next === 'begin TLS' && !this.#reader.isEmpty) {
      throw new FinalError('nothing may follow STLS')
    }
    return answer
  }

  async #refuse(error: unknown): Promise<Next> {
    const { log, patience } = this.#options
    const refusal =
      error instanceof Pop3Error
        ? error
        : error instanceof LineTooLong
          ? new FinalError('the line is too long')
          : new Pop3Error('that failed here', 'SYS/TEMP', { cause: error })
    if (refusal.cause) log.error('POP3: a command failed', refusal.cause)
    if (refusal instanceof BadCommand) this.#bad++
    if (refusal instanceof FinalError) this.#leave()
    if (refusal.code === 'AUTH') {
      this.#failures++
      log.info(`POP3: a login failed: ${refusal.message}`)
      await wait(patience.failure, undefined, { ref: false })
    }
    await this.#write(`${refusal.reply}\r\n`)
    const isOver =
      refusal instanceof FinalError ||
      this.#bad >= maxBad[this.#state.name] ||
      this.#failures >= maxFailures
    return isOver ? 'close' : 'read'
  }

  async #ask(challenge: Buffer): Promise<Buffer> {
    await this.#write(`+ ${challenge.toString('base64')}\r\n`)
    const line = await this.#nextLine()
    if (line === null) throw new ClientGone()
    return line
  }

  /** What the client sends next; null where that is nothing, or comes too late. */
  async #nextLine(): Promise<Buffer | null> {
    const { patience } = this.#options
    if (this.#isEnding) return null
    if (!this.#reader.hasLine) {
      this.#inARow = 0
      this.#isWaiting = true
      this.#letOut()
    } else if (++this.#inARow % turn === 0) {
      await setImmediate()
    }
    const timer = setTimeout(
      () => this.#socket.destroy(),
      this.#state.name === 'authorization' ? patience.login : patience.idle,
    ).unref()
    try {
      const line = await this.#reader.next(maxSaslLine)
      return this.#isEnding ? null : line
    } finally {
      clearTimeout(timer)
      this.#isWaiting = false
    }
  }

  #write(data: Buffer | string): Promise<void> {
    return pacedWrite(this.#socket, data, this.#options.patience.write)
  }

  /** Sends what was held back to be sent in one go. */
  #letOut(): void {
    while (this.#socket.writableCorked > 0) this.#socket.uncork()
  }

  /** What was said before TLS is forgotten. */
  async #beginTls(): Promise<void> {
    const { secureContext, patience, log } = this.#options
    const plain = this.#socket
    this.#letOut()
    this.#reader.release()
    this.#isWaiting = true
    const timer = setTimeout(() => plain.destroy(), patience.login).unref()
    try {
      this.#socket = await secureSocket(plain, secureContext, 'pop3')
    } catch (error) {
      log.info(`POP3: TLS could not be begun: ${(error as Error).message}`)
      throw new ClientGone()
    } finally {
      clearTimeout(timer)
      this.#isWaiting = false
    }
    this.#reader = new LineReader(this.#socket)
    this.#state = { name: 'authorization', user: null, isUtf8: false }
    this.#isSecure = true
    this.#bad = 0
  }

  /** Gives the maildrop free. */
  #leave(): void {
    if (this.#state.name === 'transaction') this.#state.close()
    this.#state = { name: 'authorization', user: null, isUtf8: false }
  }

  /** Closes, but lets the client read what was said: octets that nobody takes would make a reset of it. */
  #hangUp(): void {
    const socket = this.#socket
    socket.end()
    if (!this.#isWaiting) {
      this.#reader.release()
      socket.resume()
    }
    setTimeout(() => socket.destroy(), farewell).unref()
  }
}
