import type { Connection } from './connection.ts'
import { Disconnected } from './disconnected.ts'
import { isTurnOver, nextTurn } from './turns.ts'

/** Looks at the clock once in so many questions. */
const STRIDE = 32

/**
 * Where the answers of a session go. Whoever writes many of them asks `mustPause` after each, and pauses.
 *
 * @example
 * for (const line of lines) {
 *   output.untagged(line)
 *   if (output.mustPause) await output.pause()
 * }
 */
export class Output {
  readonly #connection: Connection
  #asked = 0

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Any part of a response. */
  text(text: string): void {
    this.#connection.writer.text(text)
  }

  /** The octets of a literal. They must not change afterwards. */
  octets(octets: Buffer): void {
    this.#connection.writer.octets(octets)
  }

  /** A whole response, without its `*` and its line end. */
  untagged(response: string): void {
    this.#connection.writer.text(`* ${response}\r\n`)
  }

  /** The pieces of a long response. */
  async pieces(pieces: Iterable<string>): Promise<void> {
    for (const piece of pieces) {
      this.text(piece)
      if (this.mustPause) await this.pause()
    }
  }

  /** The client reads more slowly than this is written, or others have waited long enough. */
  get mustPause(): boolean {
    if (this.#connection.writer.isBlocked) return true
    return ++this.#asked % STRIDE === 0 && isTurnOver()
  }

  /** The same for whoever does much between two answers. */
  get mustPauseNow(): boolean {
    return this.#connection.writer.isBlocked || isTurnOver()
  }

  /** Throws Disconnected when nobody is there any more. */
  async pause(): Promise<void> {
    const connection = this.#connection
    if (connection.writer.isBlocked) await connection.drained()
    else await nextTurn()
    if (connection.isOver) throw new Disconnected()
  }

  /** Sends what has been gathered. */
  flush(): void {
    this.#connection.writer.flush()
  }
}
