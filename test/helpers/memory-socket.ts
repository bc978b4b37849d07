import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/**
 * The server's end of a connection without a network: the client sends these segments, each one when the one before has
 * been read, then ends its side; whatever the server says is kept. Costs microseconds where a real one costs hundreds.
 */
export class MemorySocket extends Duplex {
  readonly remoteAddress = '127.0.0.1'
  readonly remotePort = 40_000
  readonly localAddress = '127.0.0.1'
  readonly localPort = 1
  readonly readyState = 'open'
  readonly #segments: Iterator<Uint8Array>
  readonly #sent: Buffer[] = []

  constructor(segments: Iterable<Uint8Array>) {
    // One octet is enough to read no further ahead, so that segments are not joined.
    super({ readableHighWaterMark: 1, writableHighWaterMark: 1 << 24 })
    this.#segments = segments[Symbol.iterator]()
  }

  /** For what wants a socket, and uses of it what is here. */
  get socket(): Socket {
    return this as unknown as Socket
  }

  /** What the server has said so far. */
  get sent(): Buffer {
    return Buffer.concat(this.#sent)
  }

  setNoDelay(): this {
    return this
  }

  /** Nobody is slow here. */
  setTimeout(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  destroySoon(): void {
    if (this.writableFinished) this.destroy()
    else this.end(() => this.destroy())
  }

  override _read(): void {
    // Not within the read that asks: what it gives would be joined with this.
    process.nextTick(() => {
      const { value, done } = this.#segments.next()
      this.push(done ? null : value)
    })
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#sent.push(Buffer.from(chunk))
    done()
  }
}

/** The octets in as many segments as these lengths, used again and again, make of them. */
export function* segmentsOf(octets: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, cut = 0; at < octets.length; cut++) {
    const length = Math.max(1, lengths[cut % lengths.length] ?? octets.length)
    yield octets.subarray(at, at + length)
    at += length
  }
}
