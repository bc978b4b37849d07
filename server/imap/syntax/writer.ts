import type { Writable } from 'node:stream'

/** Octets that are gathered before they go out. */
const BATCH = 32_768

/**
 * Sends responses. What is written is gathered to batches, so that the flags of 100 000 messages cost a few hundred
 * writes; a command that writes much asks {@link isBlocked} now and then, and waits until the client has read.
 *
 * @example
 * for (const line of lines) {
 *   writer.text(`* ${line}\r\n`)
 *   if (writer.isBlocked) await writer.ready()
 * }
 * writer.text(`${tag} OK done\r\n`)
 * writer.flush()
 */
export class ResponseWriter {
  readonly #destination: Writable
  #text = ''
  #pieces: Buffer[] = []
  /** Of the pieces and the text, about. */
  #size = 0

  constructor(destination: Writable) {
    this.#destination = destination
  }

  /** Octets of answers that the client has not taken yet. */
  get waiting(): number {
    return this.#destination.writableLength + this.#size
  }

  /** The client reads more slowly than this is written. */
  get isBlocked(): boolean {
    return this.#destination.writableNeedDrain
  }

  /** Any part of a response, with its line ends; goes out as UTF-8. */
  text(text: string): void {
    this.#text += text
    this.#size += text.length
    if (this.#size >= BATCH) this.flush()
  }

  /** The octets of a literal. They must not change afterwards. */
  octets(octets: Buffer): void {
    this.#seal()
    this.#pieces.push(octets)
    this.#size += octets.length
    if (this.#size >= BATCH) this.flush()
  }

  /** Sends what has been gathered: at the end of each command, and before anything is waited for. */
  flush(): void {
    this.#seal()
    const [first, ...others] = this.#pieces
    this.#pieces = []
    this.#size = 0
    if (!first || this.#destination.destroyed) return
    this.#destination.write(others.length === 0 ? first : Buffer.concat([first, ...others]))
  }

  /** Resolves when the client has read enough for more, or the connection has ended. */
  async ready(): Promise<void> {
    const destination = this.#destination
    if (!destination.writableNeedDrain || destination.destroyed) return
    await new Promise<void>(resolve => {
      const done = () => {
        destination.off('drain', done)
        destination.off('close', done)
        resolve()
      }
      destination.on('drain', done)
      destination.on('close', done)
    })
  }

  #seal(): void {
    if (this.#text === '') return
    this.#pieces.push(Buffer.from(this.#text))
    this.#text = ''
  }
}
