import type { Socket } from 'node:net'

const LF = 0x0a
const CR = 0x0d
const NOTHING = Buffer.alloc(0)

/** A line has more octets than it may. What follows on the connection cannot be told apart any more. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong'
}

/**
 * Reads a socket line by line. It takes from the socket only what it was asked for, so that whoever sends without
 * reading our answers is held up by TCP. LF ends a line, with or without a CR in front of it.
 */
export class LineReader {
  readonly #socket: Socket
  #buffer: Buffer = NOTHING
  #isOver = false
  #wake = () => {}

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('readable', this.#onReadable)
    socket.on('end', this.#onOver)
    socket.on('close', this.#onOver)
  }

  /** Whether `next` would answer without waiting for the client. */
  get hasLine(): boolean {
    return this.#buffer.includes(LF)
  }

  /** Whether the client sent nothing that `next` has not answered yet. */
  get isEmpty(): boolean {
    return this.#buffer.length === 0 && this.#socket.readableLength === 0
  }

  /**
   * The next line, without its end; null where the client sends no more. Rejects with LineTooLong as soon as a line has
   * more than `limit` octets, its end among them.
   */
  async next(limit: number): Promise<Buffer | null> {
    for (let searched = 0; ; ) {
      const end = this.#buffer.indexOf(LF, searched)
      if (end >= limit || (end < 0 && this.#buffer.length >= limit)) throw new LineTooLong()
      if (end >= 0) return this.#take(end)
      searched = this.#buffer.length
      const chunk = this.#socket.read() as Buffer | null
      if (chunk) this.#buffer = searched === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
      else if (this.#isOver) return null
      else await this.#more()
    }
  }

  /** Lets go of the socket, which somebody else reads from now on. */
  release(): void {
    this.#socket.off('readable', this.#onReadable)
    this.#socket.off('end', this.#onOver)
    this.#socket.off('close', this.#onOver)
  }

  #take(end: number): Buffer {
    const hasCr = end > 0 && this.#buffer[end - 1] === CR
    const line = this.#buffer.subarray(0, hasCr ? end - 1 : end)
    this.#buffer = this.#buffer.subarray(end + 1)
    return line
  }

  #more(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  readonly #onReadable = () => this.#wake()

  readonly #onOver = () => {
    this.#isOver = true
    this.#wake()
  }
}
