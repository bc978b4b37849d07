import { HEADER_LIMITS, type Header, readHeader } from '../../../mime/header.ts'
import { type Part, readStructure } from '../../../mime/structure.ts'
import { StructureReader } from '../../../mime/structure-reader.ts'
import { canonicalSize, type MailStore, type OpenMessage } from '../../../store/mail-store.ts'
import type { Message } from '../../../store/message.ts'
import { ImapError } from '../../errors.ts'
import type { Range } from './ranges.ts'

/** So much is read at first, where the header alone is wanted: nearly all have less. */
const FIRST = 8 * 1024
/** A message up to this size is read in one piece, and at once. */
export const SMALL = 64 * 1024
/** Octets of a piece of a larger one. */
const PIECE = 256 * 1024

const NOTHING = Buffer.alloc(0)

/**
 * The octets of one message for one FETCH response. Its file is opened when something is first wanted of it, and read no
 * further than it must be; of a large one nothing is held but the header and the piece that is under way.
 */
export class MessageSource {
  /** Octets with CRLF line ends. */
  readonly size: number
  readonly #store: MailStore
  readonly #message: Message
  #open: OpenMessage | null = null
  /** The first octets of the message, as far as they were wanted. */
  #start: Buffer = NOTHING
  #bodyStart: number | null = null
  /** By where they start. */
  readonly #headers = new Map<number, Header>()

  constructor(store: MailStore, message: Message) {
    this.size = canonicalSize(message)
    this.#store = store
    this.#message = message
  }

  close(): void {
    this.#open?.close()
    this.#open = null
  }

  /** Where the body starts: after the empty line, at the end where there is none. */
  async bodyStart(): Promise<number> {
    this.#bodyStart ??= await this.#findBody()
    return this.#bodyStart
  }

  /** The header of the message, or of one in it, of which no more than the limit is read; each once. */
  async headerOf({ start, bodyStart }: Pick<Part, 'start' | 'bodyStart'>): Promise<Header> {
    let header = this.#headers.get(start)
    if (!header) {
      const end = Math.min(bodyStart, start + HEADER_LIMITS.octets + 1)
      header = readHeader(await this.octets({ start, end }))
      this.#headers.set(start, header)
    }
    return header
  }

  async structure(): Promise<Part> {
    if (this.size <= SMALL) return readStructure(await this.#firstOctets(this.size))
    const reader = new StructureReader()
    for await (const piece of this.pieces({ start: 0, end: this.size })) reader.take(piece)
    return reader.end()
  }

  /** A range in one piece: for what is known to be small. */
  async octets({ start, end }: Range): Promise<Buffer> {
    if (end > this.#start.length && this.size <= SMALL) await this.#firstOctets(this.size)
    return end <= this.#start.length ? this.#start.subarray(start, end) : this.#read(start, end)
  }

  /** A range piece by piece, each read when it is asked for. */
  async *pieces({ start, end }: Range): AsyncGenerator<Buffer> {
    for (let at = start; at < end; at += PIECE) {
      yield await this.octets({ start: at, end: Math.min(at + PIECE, end) })
    }
  }

  async #findBody(): Promise<number> {
    let searched = 0
    for (let length = FIRST; ; length *= 8) {
      const start = await this.#firstOctets(length)
      const found = bodyStartIn(start, searched)
      if (found !== -1) return found
      if (start.length === this.size) return this.size
      searched = start.length
      if (length > HEADER_LIMITS.octets) break
    }
    // No header that is one: what remains is searched, and not kept.
    let tail = this.#start.subarray(-3)
    for await (const piece of this.pieces({ start: searched, end: this.size })) {
      const seam = Buffer.concat([tail, piece])
      const found = seam.indexOf(EMPTY_LINE)
      if (found !== -1) return searched - tail.length + found + EMPTY_LINE.length
      searched += piece.length
      tail = seam.subarray(-3)
    }
    return this.size
  }

  /** So many, or all where there are fewer. */
  async #firstOctets(length: number): Promise<Buffer> {
    const end = Math.min(length, this.size)
    if (this.#start.length < end) this.#start = await this.#read(0, end)
    return this.#start
  }

  async #read(start: number, end: number): Promise<Buffer> {
    this.#open ??= await this.#opened()
    return end - start <= SMALL ? this.#open.readNow(start, end) : this.#open.read(start, end)
  }

  async #opened(): Promise<OpenMessage> {
    try {
      return await this.#store.openCanonical(this.#message)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      // RFC 5530 §3: another session has expunged it, and this one has not been told.
      throw new ImapError('NO', 'some of the messages are gone', 'EXPUNGEISSUED')
    }
  }
}

const EMPTY_LINE = '\r\n\r\n'

/** -1 where it is not in the first octets of the message, of which so many were searched before. */
function bodyStartIn(octets: Buffer, searched: number): number {
  if (octets[0] === 0x0d && octets[1] === 0x0a) return 2
  const at = octets.indexOf(EMPTY_LINE, Math.max(searched - 3, 0), 'latin1')
  return at === -1 ? -1 : at + EMPTY_LINE.length
}
