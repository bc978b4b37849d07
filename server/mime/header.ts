import { isUtf8 } from 'node:buffer'
import { decodeText } from './charset.ts'
import { decodeEncodedWords, withoutControls } from './encoded-word.ts'
import { readParameters } from './parameters.ts'

/** A header block larger than this, or with more fields, is not read further. */
export const HEADER_LIMITS = { octets: 2_000_000, fields: 10_000 } as const

/** One header field. Offsets are into the bytes that were read. */
export type Field = {
  /** As it was written. */
  readonly name: string
  /** First octet of the name. */
  readonly start: number
  /** Just past the line end of the last line. */
  readonly end: number
  /** The unfolded body as text (RFC 5322 §2.2.3), encoded-words as they are, control characters as spaces. */
  readonly text: string
  /** `text` with its encoded-words decoded (RFC 2047): for people. */
  readonly value: string
}

/** The header block of a message or part. */
export type Header = {
  /** In order. Lines that are no field are left out. */
  readonly fields: readonly Field[]
  /** First octet of the body: just after the empty line; the length of the bytes where there is none. */
  readonly bodyStart: number
  /** True where the empty line was found. */
  readonly isComplete: boolean
  /** True where the limits were passed and the rest was not read. */
  readonly isCut: boolean
  /** The first field of that name, whatever its case. */
  first(name: string): Field | undefined
  all(name: string): readonly Field[]
}

/**
 * Reads the header block at the start of the bytes, which may be a whole message or as much of it as has
 * come. Total: whatever the bytes are, the result is a header. Linear; values are decoded when asked for.
 */
export function readHeader(bytes: Uint8Array): Header {
  const buffer = asBuffer(bytes)
  const lineEnd = lineEndOf(buffer)
  const end = headerEnd(buffer, lineEnd)
  const bodyStart = end === -1 ? buffer.length : end
  const block = buffer.toString('latin1', 0, Math.min(bodyStart, HEADER_LIMITS.octets))
  return new HeaderBlock(block, lineEnd === LF ? '\n' : '\r', bodyStart, end !== -1)
}

/** The octet that ends a line: LF (alone or after CR), or CR in a message that has no LF before its very end. */
export function lineEndOf(buffer: Buffer): number {
  const cr = buffer.indexOf(CR)
  if (cr === -1 || buffer[cr + 1] === LF) return LF
  const lf = buffer.subarray(0, 65_536).indexOf(LF)
  return lf === -1 || lf === buffer.length - 1 ? CR : LF
}

/** Where the body starts, -1 where the empty line has not come (yet). */
export function headerEnd(buffer: Buffer, lineEnd = LF): number {
  let at = 0
  for (;;) {
    if (buffer[at] === lineEnd) return at + 1
    if (buffer[at] === CR && buffer[at + 1] === lineEnd) return at + 2
    const next = buffer.indexOf(lineEnd, at)
    if (next === -1) return -1
    at = next + 1
  }
}

/** Collects the header block of a message that comes in pieces, and nothing past the limit. */
export class HeaderCollector {
  #chunks: Buffer[] = []
  #size = 0
  /** The last two octets so far; the start of a message counts as the start of a line. */
  #tail = Buffer.from('\n')
  #isDone = false

  /** True once further pieces change nothing. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** Takes the next piece, which must not be changed afterwards. */
  take(chunk: Uint8Array): void {
    if (this.#isDone) return
    const buffer = asBuffer(chunk)
    this.#chunks.push(buffer)
    this.#size += buffer.length
    const seam = Buffer.concat([this.#tail, buffer.subarray(0, 2)])
    this.#isDone =
      this.#size > HEADER_LIMITS.octets ||
      EMPTY_LINES.some(at => seam.includes(at) || buffer.includes(at))
    this.#tail = Buffer.concat([this.#tail, buffer.subarray(-2)]).subarray(-2)
  }

  /** What {@link readHeader} wants: the header block and perhaps some of the body. */
  get bytes(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] as Buffer
  }
}

const LF = 0x0a
const CR = 0x0d
const EMPTY_LINES = ['\n\n', '\n\r\n']

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** RFC 5322 §2.2 names; §4.5 lets white space stand before the colon. */
const FIELD_NAME = /^([!-9;-~]+)[ \t]*$/

class HeaderBlock implements Header {
  readonly fields: readonly Field[]
  readonly bodyStart: number
  readonly isComplete: boolean
  readonly isCut: boolean
  #byName: Map<string, Field[]> | undefined

  constructor(block: string, lineEnd: string, bodyStart: number, isComplete: boolean) {
    const fields: Field[] = []
    const charset = () => this.#charset()
    let isCut = block.length < bodyStart
    let at = 0
    while (at < block.length) {
      if (fields.length === HEADER_LIMITS.fields) {
        isCut ||= !/^[\r\n]*$/.test(block.slice(at))
        break
      }
      let end = nextLine(block, lineEnd, at)
      // A line that begins with white space continues the field (RFC 5322 §2.2.3), even if nothing else is on it.
      while (end < block.length && (block[end] === ' ' || block[end] === '\t')) {
        end = nextLine(block, lineEnd, end)
      }
      const field = readField(block, at, end, charset)
      if (field) fields.push(field)
      at = end
    }
    this.fields = fields
    this.bodyStart = bodyStart
    this.isComplete = isComplete
    this.isCut = isCut
  }

  first(name: string): Field | undefined {
    return this.#named(name)?.[0]
  }

  all(name: string): readonly Field[] {
    return this.#named(name) ?? []
  }

  #named(name: string): Field[] | undefined {
    if (!this.#byName) {
      this.#byName = new Map()
      for (const field of this.fields) {
        const key = field.name.toLowerCase()
        const known = this.#byName.get(key)
        if (known) known.push(field)
        else this.#byName.set(key, [field])
      }
    }
    return this.#byName.get(name.toLowerCase())
  }

  /** What raw 8-bit octets that are not UTF-8 most likely are. Asked for only where there are some. */
  #charset(): string {
    const contentType = this.first('content-type') as HeaderField | undefined
    return readParameters(contentType?.octets ?? '').parameters.get('charset') ?? ''
  }
}

function nextLine(block: string, lineEnd: string, from: number): number {
  const at = block.indexOf(lineEnd, from)
  return at === -1 ? block.length : at + 1
}

function readField(
  block: string,
  start: number,
  end: number,
  charset: () => string,
): Field | undefined {
  const line = block.slice(start, end)
  const colon = line.indexOf(':')
  const name = FIELD_NAME.exec(line.slice(0, Math.max(colon, 0)))?.[1]
  return name === undefined
    ? undefined
    : new HeaderField(name, start, end, line.slice(colon + 1), charset)
}

class HeaderField implements Field {
  readonly name: string
  readonly start: number
  readonly end: number
  /** The field's body as it was sent, one character an octet. */
  readonly octets: string
  readonly #charset: () => string
  #text: string | undefined
  #value: string | undefined

  constructor(name: string, start: number, end: number, octets: string, charset: () => string) {
    this.name = name
    this.start = start
    this.end = end
    this.octets = octets
    this.#charset = charset
  }

  get text(): string {
    this.#text ??= withoutControls(this.#decoded(unfold(this.octets))).trim()
    return this.#text
  }

  get value(): string {
    this.#value ??= decodeEncodedWords(this.text).trim()
    return this.#value
  }

  /**
   * Raw 8-bit octets are UTF-8 (RFC 6532), else of the charset of the body, else windows-1252 (mailparser.md,
   * fault 10). The escape sequences of raw iso-2022-jp are 7-bit.
   */
  #decoded(octets: string): string {
    if (octets.includes('\u001b$')) return decodeText(Buffer.from(octets, 'latin1'), 'iso-2022-jp')
    if (!/[\u0080-\u00ff]/.test(octets)) return octets
    const bytes = Buffer.from(octets, 'latin1')
    return isUtf8(bytes) ? bytes.toString('utf8') : decodeText(bytes, this.#charset())
  }
}

function unfold(octets: string): string {
  return octets.replace(/(?:\r\n?|\n)(?=[ \t])/g, '')
}
