import { HEADER_LIMITS, readHeader } from './header.ts'
import { OPAQUE, type PartFields, readPartFields } from './part-fields.ts'
import type { Part } from './structure.ts'

/** Deeper parts, and those past this many, are not read: what is there is one opaque part. */
export const STRUCTURE_LIMITS = { depth: 50, parts: 1_000 } as const

/** A part whose header has been read, and whose end has not been found. */
type Open = {
  readonly number: string
  readonly start: number
  readonly bodyStart: number
  readonly fields: PartFields
  /** Line ends before the body. */
  readonly linesBefore: number
  readonly depth: number
  readonly parts: Part[]
  /** Of a multipart the place of its boundary among the open ones; -1 past its close delimiter, and of other parts. */
  level: number
  /** All that is left of the multipart around it, delimiters included. */
  readonly isRest: boolean
}

/** A header that is being read. */
type OpenHeader = {
  readonly start: number
  readonly depth: number
  readonly defaultType: string
  /** Of a part in a multipart its number; of a message that of the part that holds it, `''` where there is none. */
  readonly number: string
  readonly isMessage: boolean
  /** What earlier pieces of the message had of it, and how many octets. */
  readonly pieces: Buffer[]
  size: number
}

/** A delimiter line (RFC 2046 §5.1.1) of one of the open multiparts. */
type Delimiter = {
  /** Which: 0 is the outermost. */
  readonly level: number
  readonly isClose: boolean
  /** Where the part before it ends: the line end before the delimiter belongs to the delimiter. */
  readonly end: number
  /** Line ends before `end`. */
  readonly lines: number
}

const LF = 0x0a
const CR = 0x0d
const HYPHEN = 0x2d
/** RFC 2046 §5.1.1 allows 70 octets; longer ones are seen, but no line can have more than 998 (RFC 5322 §2.1.1). */
const MAX_BOUNDARY = 998
/** A longer line is no delimiter, whatever white space there is at its end. */
const MAX_LINE = 65_536
/** Types whose body is a message with a header of its own. */
export const NESTED_MESSAGE: ReadonlySet<string> = new Set(['message/rfc822', 'message/global'])
/** A nested message in another encoding is no range of the raw message (RFC 2046 §5.2.1 forbids it for that reason). */
const IDENTITY: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])
const NOTHING = Buffer.alloc(0)

/**
 * Reads the MIME tree of a message that comes in pieces (RFC 2045, RFC 2046 §5.1), of which nothing is kept but the
 * header that is being read: so a message may be as large as it likes. Total and linear, whatever the nesting: each
 * octet is looked at once, and a line that begins with two hyphens is compared with at most 50 boundaries.
 */
export class StructureReader {
  readonly #lineEnd: number
  /** Boundaries of the multiparts that we are in, outermost first. */
  readonly #boundaries: string[] = []
  /** Parts that we are in, outermost first. */
  readonly #open: Open[] = []
  #header: OpenHeader | null = null
  /** The next line begins the message in the message/rfc822 that we are in. */
  #awaitsMessage = false
  #root: Part | null = null
  #parts = 0
  /** What is left of the piece before: a line that has not ended, `#at` where it starts. */
  #carry: Buffer = NOTHING
  #at = 0
  /** We are in a line of which more than `MAX_LINE` octets have gone by. */
  #isInLongLine = false
  /** Line ends before `#at`. */
  #lines = 0
  /** Octets of the line end before `#at`: 2 for CRLF, 0 at the start of the message. */
  #lastLineEnd = 0
  #lastOctet = 0

  /** @param lineEnd What ends a line: LF, alone or after CR; or CR */
  constructor(lineEnd: number = LF) {
    this.#lineEnd = lineEnd
    this.#beginHeader(0, '', true, 'text/plain')
  }

  /** Takes the next piece, which must not be changed afterwards. */
  take(piece: Buffer): void {
    if (piece.length === 0) return
    const buffer = this.#carry.length > 0 ? Buffer.concat([this.#carry, piece]) : piece
    const base = this.#at
    for (;;) {
      const start = this.#skipPlainLines(buffer, base)
      const end = nextLineEnd(buffer, start, this.#lineEnd)
      if (end === -1) break
      this.#line(buffer, base, end)
    }
    this.#keepHeader(buffer, base)
    const used = this.#at - base
    this.#carry = used < buffer.length ? buffer.subarray(used) : NOTHING
    if (this.#isInLongLine || this.#carry.length > MAX_LINE) this.#skipLine(this.#carry)
  }

  /** The tree, where nothing more comes. */
  end(): Part {
    const rest = this.#carry
    if (rest.length > 0) {
      const base = this.#at
      this.#line(rest, base, rest.length)
      this.#keepHeader(rest, base)
    }
    if (this.#header) this.#endHeader(this.#header, NOTHING, this.#at, null)
    while (this.#open.length > 0) this.#close(null)
    return this.#root as Part
  }

  /** Moves `#at` past the lines of a body that cannot be delimiters: nearly all. Returns where it then is in the buffer. */
  #skipPlainLines(buffer: Buffer, base: number): number {
    let at = this.#at - base
    if (this.#header || this.#awaitsMessage || this.#isInLongLine) return at
    const lineEnd = this.#lineEnd
    const from = at
    let lines = 0
    while (buffer[at] !== HYPHEN) {
      const end = nextLineEnd(buffer, at, lineEnd)
      if (end === -1) break
      at = end + 1
      lines++
    }
    if (at > from) {
      this.#at = base + at
      this.#lines += lines
      this.#lastLineEnd = lineEnd === LF && at - from > 1 && buffer[at - 2] === CR ? 2 : 1
    }
    return at
  }

  /** The line from `#at` on, which ends at `end` of the buffer, or is the last and does not end. */
  #line(buffer: Buffer, base: number, end: number): void {
    const start = this.#at - base
    const isEnded = end < buffer.length
    this.#beginAwaited()
    const by = this.#isInLongLine ? null : this.#delimiter(buffer, base, end)
    const before = end > start ? buffer[end - 1] : this.#isInLongLine ? this.#lastOctet : LF
    const isPair = this.#lineEnd === LF && before === CR
    const isEmpty = !this.#isInLongLine && isEnded && end - start === (isPair ? 1 : 0)
    this.#isInLongLine = false
    this.#lastLineEnd = isPair ? 2 : 1
    this.#at = base + Math.min(end + 1, buffer.length)
    if (isEnded) this.#lines++
    if (this.#header && (by || isEmpty)) this.#endHeader(this.#header, buffer, base, by)
    if (by) this.#delimit(by)
  }

  /** Of a line that is too long to be kept, and goes on. */
  #skipLine(rest: Buffer): void {
    this.#beginAwaited()
    this.#isInLongLine = true
    this.#at += rest.length
    this.#lastOctet = rest.at(-1) ?? this.#lastOctet
    if (this.#header) append(this.#header, rest)
    this.#carry = NOTHING
  }

  #delimiter(buffer: Buffer, base: number, end: number): Delimiter | null {
    const start = this.#at - base
    if (this.#boundaries.length === 0) return null
    if (buffer[start] !== HYPHEN || buffer[start + 1] !== HYPHEN) return null
    const text = trimEnd(buffer, start + 2, end)
    if (text === null) return null
    let level = this.#boundaries.lastIndexOf(text)
    const isClose = level === -1 && text.endsWith('--')
    if (isClose) level = this.#boundaries.lastIndexOf(text.slice(0, -2))
    if (level === -1) return null
    const lines = Math.max(this.#lines - 1, 0)
    return { level, isClose, end: this.#at - this.#lastLineEnd, lines }
  }

  /** Ends the parts before the delimiter, and begins the one after it. */
  #delimit(by: Delimiter): void {
    for (;;) {
      const inner = this.#open.at(-1) as Open
      if (inner.level === by.level) break
      const isPassedOver = inner.isRest && !by.isClose && this.#open.at(-2)?.level === by.level
      if (isPassedOver) return
      this.#close(by)
    }
    const around = this.#open.at(-1) as Open
    if (by.isClose) {
      // After it comes the epilogue, up to a delimiter of a multipart around this one.
      around.level = -1
      this.#boundaries.length = by.level
      return
    }
    this.#boundaries.length = by.level + 1
    const child = around.parts.length + 1
    const number = around.number === '' ? `${child}` : `${around.number}.${child}`
    const depth = around.depth + 1
    if (this.#parts < STRUCTURE_LIMITS.parts) {
      const isDigest = around.fields.type === 'multipart/digest'
      this.#beginHeader(depth, number, false, isDigest ? 'message/rfc822' : 'text/plain')
    } else {
      this.#open.push({
        number,
        start: this.#at,
        bodyStart: this.#at,
        fields: OPAQUE,
        linesBefore: this.#lines,
        depth,
        parts: [],
        level: -1,
        isRest: true,
      })
    }
  }

  #beginHeader(depth: number, number: string, isMessage: boolean, defaultType: string): void {
    const start = this.#at
    this.#parts++
    this.#header = { start, depth, number, isMessage, defaultType, pieces: [], size: 0 }
  }

  /** The message in a message/rfc822, of which there is at least one line. */
  #beginAwaited(): void {
    if (!this.#awaitsMessage) return
    this.#awaitsMessage = false
    const { number, depth } = this.#open.at(-1) as Open
    this.#beginHeader(depth + 1, number, true, 'text/plain')
  }

  /** Holds on to what the buffer has, up to `#at`, of a header that goes on in the next piece. */
  #keepHeader(buffer: Buffer, base: number): void {
    if (!this.#header) return
    const from = this.#header.start + this.#header.size - base
    append(this.#header, buffer.subarray(from, this.#at - base))
  }

  /** By the empty line, which is the last line of the header, by a delimiter, or with the message. */
  #endHeader(header: OpenHeader, buffer: Buffer, base: number, by: Delimiter | null): void {
    this.#header = null
    const { start, number: given, isMessage, depth } = header
    const bodyStart = by ? Math.max(by.end, start) : this.#at
    let block: Buffer
    if (header.size === 0) block = buffer.subarray(start - base, bodyStart - base)
    else {
      const from = start + header.size - base
      append(header, buffer.subarray(from, Math.max(this.#at - base, from)))
      block = Buffer.concat(header.pieces).subarray(0, bodyStart - start)
    }
    const fields = readPartFields(readHeader(block), header.defaultType)

    const boundary = boundaryOf(fields)
    const single = given === '' ? '1' : `${given}.1`
    const number = isMessage && boundary === null ? single : given
    const isRead = !by && depth < STRUCTURE_LIMITS.depth
    const isMultipart = isRead && boundary !== null
    this.#open.push({
      number,
      start,
      bodyStart,
      fields,
      linesBefore: this.#lines,
      depth,
      parts: [],
      level: isMultipart ? this.#boundaries.length : -1,
      isRest: false,
    })
    if (isMultipart) this.#boundaries.push(boundary)
    else this.#awaitsMessage = isRead && holdsNested(fields)
  }

  /** Ends the innermost part: before the delimiter, or with the message. */
  #close(by: Delimiter | null): void {
    const open = this.#open.pop() as Open
    const { number, start, fields, linesBefore, parts } = open
    this.#awaitsMessage = false
    const last = by ? by.end : this.#at
    // The line end before the delimiter may be that of the header of the last part in this one.
    const end = Math.max(last, start, parts.at(-1)?.end ?? 0)
    // It may be the empty line: then the part has none.
    const bodyStart = Math.max(Math.min(open.bodyStart, end), start)
    const linesAtEnd = by ? by.lines + (end > by.end ? 1 : 0) : this.#lines
    const lines = Math.max(linesAtEnd - linesBefore, 0)
    const part = { number, start, bodyStart, end, lines, ...fields, parts }
    const around = this.#open.at(-1)
    if (around) around.parts.push(part)
    else this.#root = part
  }
}

/** Short lines by hand, long ones by Node: so that neither kind is slow. */
function nextLineEnd(buffer: Buffer, from: number, lineEnd: number): number {
  const near = Math.min(from + 12, buffer.length)
  for (let at = from; at < near; at++) if (buffer[at] === lineEnd) return at
  return buffer.indexOf(lineEnd, near)
}

/** Octets of a header past its limit are not read. */
function append(header: OpenHeader, octets: Buffer): void {
  if (header.size <= HEADER_LIMITS.octets && octets.length > 0) header.pieces.push(octets)
  header.size += octets.length
}

function holdsNested({ type, encoding }: PartFields): boolean {
  return NESTED_MESSAGE.has(type) && IDENTITY.has(encoding)
}

/** The text without the white space that may follow a delimiter; null where it is too long for one. */
function trimEnd(buffer: Buffer, start: number, end: number): string | null {
  if (end - start > MAX_LINE) return null
  let last = end
  while (last > start && isBlank(buffer[last - 1])) last--
  return last - start > MAX_BOUNDARY + 2 ? null : buffer.toString('utf8', start, last)
}

function isBlank(octet: number | undefined): boolean {
  return octet === 0x20 || octet === 0x09 || octet === CR
}

function boundaryOf(fields: PartFields): string | null {
  if (!fields.type.startsWith('multipart/')) return null
  const boundary = fields.parameters.get('boundary')?.trimEnd() ?? ''
  return boundary === '' || boundary.length > MAX_BOUNDARY ? null : boundary
}
