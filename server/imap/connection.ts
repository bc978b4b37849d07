import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib'
import { secureSocket } from '../net/secure-socket.ts'
import type { SecureContextSource } from '../net/tls.ts'
import { announcesMessage } from './commands/append.ts'
import { Disconnected } from './disconnected.ts'
import { CommandReader, LIMITS_BEFORE_LOGIN, type ReaderLimits } from './syntax/command-reader.ts'
import { ResponseWriter } from './syntax/writer.ts'

/** Milliseconds that a client has to read our last words. */
const FAREWELL = 1_000

/**
 * A client's connection: what is read from it and written to it, through TLS and compression once these begin. Nobody
 * else touches the socket.
 */
export class Connection {
  /** Where it comes from, for the log. */
  readonly peer: string
  readonly #socket: Socket
  readonly #patience: number
  /** The socket, or TLS upon it. */
  #stream: Socket
  /** What is to be ended for an orderly end. */
  #sink: Writable
  #reader: CommandReader
  #writer: ResponseWriter
  #isTls = false
  #isCompressed = false
  #isEnding = false
  readonly #gone = new AbortController()

  /** `patience`: milliseconds that a client may leave answers untaken. */
  constructor(socket: Socket, patience: number) {
    this.#patience = patience
    this.peer = socket.remoteAddress ?? 'unknown'
    this.#socket = socket
    this.#stream = socket
    this.#sink = socket
    // Errors end the connection, which is all that there is to know.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#gone.abort(new Disconnected()))
    this.#writer = new ResponseWriter(socket)
    this.#reader = this.#readerOf(socket, LIMITS_BEFORE_LOGIN)
  }

  get reader(): CommandReader {
    return this.#reader
  }

  get writer(): ResponseWriter {
    return this.#writer
  }

  get isTls(): boolean {
    return this.#isTls
  }

  get isCompressed(): boolean {
    return this.#isCompressed
  }

  /** Aborted with a Disconnected when the connection has ended. */
  get signal(): AbortSignal {
    return this.#gone.signal
  }

  /** Nothing that is written now reaches the client. */
  get isOver(): boolean {
    return this.#isEnding || this.#stream.destroyed || !this.#stream.writable
  }

  /** Resolves when the client has read enough for more. One that reads nothing for too long is dropped. */
  async drained(): Promise<void> {
    if (!this.#writer.isBlocked) return
    const stream = this.#stream
    const giveUp = () => this.destroy()
    stream.setTimeout(this.#patience, giveUp)
    await this.#writer.ready()
    stream.setTimeout(0, giveUp)
  }

  /** Goes on inside of TLS: the next octets are the client's handshake. Rejects where it fails. */
  async startTls(source: SecureContextSource): Promise<void> {
    this.#reader.detach()
    const secured = await secureSocket(this.#socket, source, 'imap')
    secured.once('close', () => this.destroy())
    this.#stream = secured
    this.#sink = secured
    this.#isTls = true
    this.#writer = new ResponseWriter(secured)
    this.#reader = this.#readerOf(secured, this.#reader.limits)
  }

  /** Packs both directions from here on (RFC 4978 §3). What was written before has gone out as it was. */
  startCompression(): void {
    this.#reader.detach()
    const inflate = createInflateRaw()
    const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH })
    inflate.on('error', () => this.destroy())
    deflate.on('error', () => this.destroy())
    this.#stream.once('close', () => {
      inflate.destroy()
      deflate.destroy()
    })
    this.#stream.pipe(inflate)
    deflate.pipe(this.#stream)
    this.#isCompressed = true
    this.#writer = new ResponseWriter(deflate)
    this.#reader = this.#readerOf(inflate, this.#reader.limits)
    this.#sink = deflate
  }

  /** Sends what has been written, and ends; the client has a moment to read it. */
  end(): void {
    if (this.#isEnding) return
    this.#writer.flush()
    this.#isEnding = true
    this.#reader.detach()
    this.#sink.end()
    // What still comes is dropped: a connection closed with unread octets is reset, and our last words may be lost.
    this.#stream.unpipe()
    this.#stream.resume()
    this.#stream.once('end', () => this.destroy())
    this.#stream.once('finish', () => {
      const timer = setTimeout(() => this.destroy(), FAREWELL)
      this.#socket.once('close', () => clearTimeout(timer))
    })
  }

  destroy(): void {
    this.#stream.destroy()
    this.#socket.destroy()
  }

  #readerOf(source: Readable, limits: ReaderLimits): CommandReader {
    return new CommandReader(source, {
      limits,
      announcesMessage,
      onContinue: () => {
        this.#writer.text('+ OK\r\n')
        this.#writer.flush()
      },
    })
  }
}
