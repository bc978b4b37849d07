import type { Readable } from 'node:stream'
import { ImapError } from '../errors.ts'
import { announcedLiteral, type CommandText, type Literal } from './command-text.ts'

/** What a client may send. Octets. */
export type ReaderLimits = {
  /** The lines of one command, without its literals. */
  readonly line: number
  /** The literals of one command, together; messages do not count. */
  readonly literals: number
  /** One message of APPEND. */
  readonly message: number
}

/** Before login a stranger speaks: enough for AUTHENTICATE and LOGIN. */
export const LIMITS_BEFORE_LOGIN: ReaderLimits = { line: 8_192, literals: 1_024, message: 1_024 }
/** After login, with the message size that the server takes. */
export const limitsAfterLogin = (message: number): ReaderLimits => ({
  line: 65_536,
  literals: 65_536,
  message,
})

/** One line, or one command as far as it has been read. */
export type ReadCommand = CommandText & {
  /**
   * The message that the command goes on with: {@link CommandReader.takeMessage} or
   * {@link CommandReader.refuseMessage} comes next. It is also the last of `literals`. Null: the command is complete.
   */
  readonly message: Literal | null
  /** Why it must not be run. After a `BYE` the connection must be closed: what follows cannot be made sense of. */
  readonly refusal: ImapError | null
}

export type CommandReaderOptions = {
  readonly limits: ReaderLimits
  /** Whether the literal that comes after this much of a command's text is a message, to be streamed. */
  announcesMessage(text: string): boolean
  /** Asks the client for a literal: sends `+ OK`. */
  onContinue(): void
}

/**
 * Reads what a client sends, one command with its literals at a time and only when asked to, so that a client that
 * pipelines waits in its own socket. Lines end with CRLF or, as in Dovecot, with LF alone. The result is the same
 * however the octets are cut into segments; memory is bounded by the limits.
 *
 * Every method resolves with null when the connection has ended. One call at a time.
 *
 * @example
 * let command = await reader.readCommand()
 * while (command?.message) {
 *   const arrival = await store.append(…)                              // or reader.refuseMessage(command, error)
 *   command = await reader.takeMessage(command, chunk => arrival.write(chunk))
 * }
 */
export class CommandReader {
  /** Changes at login. */
  limits: ReaderLimits
  readonly #source: Readable
  readonly #options: CommandReaderOptions
  #chunk: Buffer = EMPTY
  /** First octet of the chunk that has not been read. */
  #at = 0
  #isFirstLine = true
  #isDetached = false
  #wake: (() => void) | null = null
  readonly #onChange = () => this.#wake?.()

  /** @param source Nobody else may read from it until {@link detach}. */
  constructor(source: Readable, options: CommandReaderOptions) {
    this.#source = source
    this.#options = options
    this.limits = options.limits
    for (const event of EVENTS) source.on(event, this.#onChange)
  }

  /**
   * Whether octets have come that nobody has read. After the line of STARTTLS there must be none: they would be
   * plain text taken for what the TLS layer protects (RFC 9051 §6.2.1, CVE-2011-0411).
   */
  get hasBuffered(): boolean {
    return this.#at < this.#chunk.length || this.#source.readableLength > 0
  }

  /** Leaves the source to somebody else. Whoever waits for something is told that there is no more. */
  detach(): void {
    for (const event of EVENTS) this.#source.off(event, this.#onChange)
    this.#isDetached = true
    this.#wake?.()
  }

  /** The next command; what was refused before has been passed over, unless that was a `BYE`. */
  readCommand(): Promise<ReadCommand | null> {
    return this.#readOn({ text: '', literals: [] })
  }

  /** The next line, whatever it holds: `DONE` of IDLE, an answer to a challenge of AUTHENTICATE. */
  async readLine(): Promise<ReadCommand | null> {
    const line = await this.#line(this.limits.line)
    return line && { ...line, literals: [], message: null }
  }

  /**
   * Hands over the octets of `command.message` as they come, the next ones when `consume` is done with these; then
   * reads on to the end of the command or to its next message (RFC 3502).
   *
   * @throws what `consume` throws; the rest of the command has been read and dropped by then
   */
  async takeMessage(
    command: ReadCommand,
    consume: (chunk: Buffer) => void | Promise<void>,
  ): Promise<ReadCommand | null> {
    const message = messageOf(command)
    if (message.isSynchronising) this.#options.onContinue()
    let left = message.size
    while (left > 0) {
      const chunk = await this.#octets(left)
      if (!chunk) return null
      left -= chunk.length
      try {
        await consume(chunk)
      } catch (error) {
        if (await this.#drop(left)) await this.#dropRest(command)
        throw error
      }
    }
    return this.#readOn(command)
  }

  /**
   * Declines `command.message`, and resolves with the refused command. The client of a synchronising literal will not
   * send it; any other does, and it is dropped with the rest of the command.
   */
  async refuseMessage(command: ReadCommand, refusal: ImapError): Promise<ReadCommand | null> {
    const message = messageOf(command)
    const refused = { ...command, message: null, refusal }
    if (message.isSynchronising) return refused
    return (await this.#drop(message.size)) ? this.#dropRest(refused) : null
  }

  /** Reads on from the beginning, or from the end of a literal. */
  async #readOn(head: CommandText): Promise<ReadCommand | null> {
    let { text } = head
    const literals = [...head.literals]
    let room = literals.reduce(
      (left, { octets }) => left - (octets?.length ?? 0),
      this.limits.literals,
    )
    for (;;) {
      const line = await this.#line(this.limits.line - text.length)
      if (!line) return null
      const literal = line.refusal ? null : announcedLiteral(line.text, text.length)
      text += line.text
      if (!literal) return { text, literals, message: null, refusal: line.refusal }
      const isMessage = this.#options.announcesMessage(text.slice(0, literal.start))
      if (literal.size > (isMessage ? this.limits.message : room)) {
        return { text, literals, message: null, refusal: tooBig(literal) }
      }
      if (isMessage) {
        return { text, literals: [...literals, literal], message: literal, refusal: null }
      }
      if (literal.isSynchronising) this.#options.onContinue()
      const octets = await this.#whole(literal.size)
      if (!octets) return null
      literals.push({ ...literal, octets })
      room -= literal.size
    }
  }

  /** Reads past what the client sends of a refused command without being asked. */
  async #dropRest(refused: ReadCommand): Promise<ReadCommand | null> {
    for (;;) {
      const line = await this.#line(this.limits.line)
      if (!line) return null
      if (line.refusal?.condition === 'BYE') return { ...refused, refusal: line.refusal }
      const literal = announcedLiteral(line.text)
      if (!literal || literal.isSynchronising) return refused
      if (literal.size > Math.max(this.limits.message, this.limits.literals)) {
        return { ...refused, refusal: tooBig(literal) }
      }
      if (!(await this.#drop(literal.size))) return null
    }
  }

  /** Reads one line without its line end; as much as the limit allows, where it is longer. */
  async #line(limit: number): Promise<Pick<ReadCommand, 'text' | 'refusal'> | null> {
    const isFirst = this.#isFirstLine
    this.#isFirstLine = false
    let text = ''
    let size = 0
    /** The last octets, of a line that is too long to be kept. */
    let tail = ''
    for (;;) {
      if (this.#at === this.#chunk.length && !(await this.#fill())) return null
      const lineFeed = this.#chunk.indexOf(LF, this.#at)
      const end = lineFeed === -1 ? this.#chunk.length : lineFeed
      size += end - this.#at
      // One more than the limit, since it may be the CR.
      text += this.#chunk.toString(
        'latin1',
        this.#at,
        Math.min(end, this.#at + limit + 1 - text.length),
      )
      tail = (tail + this.#chunk.toString('latin1', Math.max(this.#at, end - 3), end)).slice(-3)
      this.#at = lineFeed === -1 ? end : end + 1
      if (size > limit + this.limits.line * PATIENCE) return { text, refusal: endless() }
      if (lineFeed !== -1) break
    }
    const hasReturn = tail.endsWith('\r')
    const isTooLong = size - (hasReturn ? 1 : 0) > limit
    if (!isTooLong && hasReturn) text = text.slice(0, -1)
    if (isFirst && (isTooLong || HTTP.test(text))) return { text, refusal: noImap() }
    if (!isTooLong) return { text, refusal: null }
    // A literal that was not asked for would follow such a line and be taken for commands.
    const isOpen = tail.trimEnd().endsWith('+}')
    return { text, refusal: isOpen ? endless() : tooLong() }
  }

  async #whole(size: number): Promise<Buffer | null> {
    const whole = Buffer.alloc(size)
    let filled = 0
    while (filled < size) {
      const chunk = await this.#octets(size - filled)
      if (!chunk) return null
      filled += chunk.copy(whole, filled)
    }
    return whole
  }

  async #drop(size: number): Promise<boolean> {
    let left = size
    while (left > 0) {
      const chunk = await this.#octets(left)
      if (!chunk) return false
      left -= chunk.length
    }
    return true
  }

  /** The next octets, at least one and at most so many. */
  async #octets(most: number): Promise<Buffer | null> {
    if (this.#at === this.#chunk.length && !(await this.#fill())) return null
    const octets = this.#chunk.subarray(this.#at, this.#at + most)
    this.#at += octets.length
    return octets
  }

  /** Waits for the next segment; false where there is none any more. */
  async #fill(): Promise<boolean> {
    // An idle connection keeps no old segment.
    this.#chunk = EMPTY
    this.#at = 0
    for (;;) {
      if (this.#isDetached) return false
      const chunk: Buffer | null = this.#source.read()
      if (chunk) {
        this.#chunk = chunk
        return true
      }
      if (!this.#source.readable) return false
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
      this.#wake = null
    }
  }
}

const LF = 0x0a
const EMPTY = Buffer.alloc(0)
const EVENTS = ['readable', 'end', 'close', 'error'] as const
/** The rest of a line that is too long is read, and dropped, up to so many times the limit. */
const PATIENCE = 16
/** A web page can make a browser send its commands to us, behind such a line (RFC 9112 §3). */
const HTTP = / HTTP\/\d(?:\.\d)?$/

// RFC 7888 §4: a literal that was not asked for would have to be read to its end.
const tooBig = ({ isSynchronising }: Literal) =>
  new ImapError(isSynchronising ? 'NO' : 'BYE', 'the literal is too large', 'TOOBIG')
const tooLong = () => new ImapError('BAD', 'the command line is too long')
const endless = () => new ImapError('BYE', 'the command line is far too long', 'TOOBIG')
const noImap = () => new ImapError('BYE', 'this is an IMAP server')

function messageOf({ message }: ReadCommand): Literal {
  if (!message) throw new Error('the command does not go on with a message')
  return message
}
