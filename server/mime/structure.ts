import { type Header, lineEndOf, readHeader } from './header.ts'
import { readParameters, withoutComments } from './parameters.ts'

/** One node of the MIME tree: byte ranges over the raw message, never copies of it. */
export type Part = {
  /**
   * The IMAP section number (RFC 9051 §6.4.5.1): `''` for a message that is a multipart, `'1'`, `'1.2'` … for
   * its parts. A message that is no multipart is its own part `'1'`. The message inside a message/rfc822 with
   * the number `'2'` has that same number where it is a multipart, and is `'2.1'` where it is none.
   */
  readonly number: string
  /** First octet of the part's header. */
  readonly start: number
  /** First octet of the body: just after the empty line. */
  readonly bodyStart: number
  /** Just past the last octet of the body; the line end before a delimiter belongs to the delimiter. */
  readonly end: number
  /** `type/subtype`, in lower case; `text/plain` where the field is missing or broken (RFC 2045 §5.2). */
  readonly type: string
  /** Parameters of Content-Type by lower-case name, decoded (RFC 2231). */
  readonly parameters: ReadonlyMap<string, string>
  /** Content-Transfer-Encoding in lower case, `7bit` where there is none. */
  readonly encoding: string
  /** Content-Disposition in lower case (`inline`, `attachment`), null where there is none. */
  readonly disposition: string | null
  readonly dispositionParameters: ReadonlyMap<string, string>
  /** Content-ID with its angle brackets, null where there is none. */
  readonly id: string | null
  /** Encoded-words as they are: RFC 9051 §7.5.2 wants them so. */
  readonly description: string | null
  readonly language: string | null
  readonly location: string | null
  readonly md5: string | null
  /** Number of line ends in the body (BODYSTRUCTURE wants it of text and message/rfc822). */
  readonly lines: number
  /** Children of a multipart, the one nested message of a message/rfc822, else empty. */
  readonly parts: readonly Part[]
  /**
   * Files that the body holds in a way of its own, such as uuencode in a text: no parts to IMAP, but listed and
   * downloaded like such, by the numbers that parts in this one would have. Only from {@link withFiles}.
   */
  readonly files?: readonly Part[]
  /** For such a file: where it lies in the octets that the transfer encoding gives; all of them where missing. */
  readonly within?: { readonly start: number; readonly end: number }
}

/** Deeper parts, and those past this many, are not read: what is there is one opaque part. */
export const STRUCTURE_LIMITS = { depth: 50, parts: 1_000 } as const

/**
 * Reads the MIME tree of a message (RFC 2045, RFC 2046 §5.1). Total and linear, whatever the nesting: each
 * octet is looked at once, and a line that begins with two hyphens is compared with at most 50 boundaries.
 */
export function readStructure(raw: Buffer): Part {
  return new Scanner(raw).message('', 0).part
}

/**
 * The part of that section number; of a message/rfc822 the part itself, not the message in it.
 * Undefined where there is none.
 */
export function findPart(root: Part, number: string): Part | undefined {
  if (root.number === number) return root
  const holder = [...root.parts, ...(root.files ?? [])].find(
    part => part.number === number || number.startsWith(`${part.number}.`),
  )
  return holder && findPart(holder, number)
}

/** Whether the parts of the part are those of a message/rfc822: one message, not the bodies of a multipart. */
export function holdsMessage(part: Part): boolean {
  return NESTED_MESSAGE.has(part.type) && part.parts.length === 1
}

/** What a header says of its body. */
type Fields = Omit<Part, 'number' | 'start' | 'bodyStart' | 'end' | 'lines' | 'parts'>

/** A header that has been read, with the body to come. */
type Entity = {
  readonly start: number
  readonly bodyStart: number
  readonly fields: Fields
  /** Line ends before the body. */
  readonly linesBefore: number
  /** The delimiter that came before any body. */
  readonly endedBy: Delimiter | null
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

/** A part and the delimiter that ended it, null at the end of the message. */
type Read = { readonly part: Part; readonly by: Delimiter | null }

const LF = 0x0a
const CR = 0x0d
const HYPHEN = 0x2d
/** RFC 2046 §5.1.1 allows 70 octets; longer ones are seen, but no line can have more than 998 (RFC 5322 §2.1.1). */
const MAX_BOUNDARY = 998
const NESTED_MESSAGE: ReadonlySet<string> = new Set(['message/rfc822', 'message/global'])
/** A nested message in another encoding is no range of the raw message (RFC 2046 §5.2.1 forbids it for that reason). */
const IDENTITY: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])

class Scanner {
  readonly #raw: Buffer
  readonly #lineEnd: number
  /** Boundaries of the multiparts that we are in, outermost first. */
  readonly #open: string[] = []
  #at = 0
  /** Line ends before `#at`. */
  #lines = 0
  #parts = 0

  constructor(raw: Buffer) {
    this.#raw = raw
    this.#lineEnd = lineEndOf(raw)
  }

  /** The message itself (`holder` is `''`), or the one in the message/rfc822 of that number. */
  message(holder: string, depth: number): Read {
    const entity = this.#header('text/plain')
    const single = holder === '' ? '1' : `${holder}.1`
    return this.#body(entity, boundaryOf(entity.fields) === null ? single : holder, depth)
  }

  /** Reads to the empty line, which ends the header, or to a delimiter, which ends the part as well. */
  #header(defaultType: string): Entity {
    this.#parts++
    const start = this.#at
    let endedBy: Delimiter | null = null
    while (this.#at < this.#raw.length) {
      const line = this.#at
      endedBy = this.#line()
      if (endedBy || this.#isEmpty(line)) break
    }
    const bodyStart = endedBy ? Math.max(endedBy.end, start) : this.#at
    const header = readHeader(this.#raw.subarray(start, bodyStart))
    const fields = readFields(header, defaultType)
    return { start, bodyStart, fields, linesBefore: this.#lines, endedBy }
  }

  #body(entity: Entity, number: string, depth: number): Read {
    const { type, encoding } = entity.fields
    if (entity.endedBy) return this.#part(entity, number, entity.endedBy)
    if (depth < STRUCTURE_LIMITS.depth) {
      const boundary = boundaryOf(entity.fields)
      if (boundary !== null) return this.#multipart(entity, number, boundary, depth)
      if (NESTED_MESSAGE.has(type) && IDENTITY.has(encoding) && this.#at < this.#raw.length) {
        const { part, by } = this.message(number, depth + 1)
        return this.#part(entity, number, by, [part])
      }
    }
    return this.#part(entity, number, this.#skip())
  }

  #multipart(entity: Entity, number: string, boundary: string, depth: number): Read {
    const level = this.#open.length
    const defaultType = entity.fields.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
    const parts: Part[] = []
    this.#open.push(boundary)
    let by = this.#skip()
    while (by && by.level === level && !by.isClose) {
      const child = number === '' ? `${parts.length + 1}` : `${number}.${parts.length + 1}`
      const read =
        this.#parts < STRUCTURE_LIMITS.parts
          ? this.#body(this.#header(defaultType), child, depth + 1)
          : this.#rest(child, level)
      parts.push(read.part)
      by = read.by
    }
    this.#open.length = level
    // After the close delimiter comes the epilogue, up to a delimiter of a multipart around this one.
    if (by && by.level === level) by = this.#skip()
    return this.#part(entity, number, by, parts)
  }

  /** All that is left of a multipart as one part without a header. */
  #rest(number: string, level: number): Read {
    const start = this.#at
    const linesBefore = this.#lines
    let by = this.#skip()
    while (by && by.level === level && !by.isClose) by = this.#skip()
    const entity = { start, bodyStart: start, fields: OPAQUE, linesBefore, endedBy: null }
    return this.#part(entity, number, by)
  }

  #part(entity: Entity, number: string, by: Delimiter | null, parts: readonly Part[] = []): Read {
    const { start, bodyStart, linesBefore, fields } = entity
    // The line end before a delimiter may be that of the header, or of the header of the last part in this one.
    const end = Math.max(by ? by.end : this.#raw.length, bodyStart, parts.at(-1)?.end ?? 0)
    const lines = Math.max((by ? by.lines : this.#lines) - linesBefore, 0)
    return { part: { number, start, bodyStart, end, lines, ...fields, parts }, by }
  }

  /** Reads to the next delimiter of an open multipart; null at the end of the message. */
  #skip(): Delimiter | null {
    while (this.#at < this.#raw.length) {
      const by = this.#line()
      if (by) return by
    }
    return null
  }

  /** Reads one line. */
  #line(): Delimiter | null {
    const raw = this.#raw
    const start = this.#at
    const at = this.#nextLineEnd(start)
    this.#at = Math.min(at + 1, raw.length)
    const linesBefore = this.#lines
    if (at < raw.length) this.#lines++
    if (raw[start] !== HYPHEN || raw[start + 1] !== HYPHEN || this.#open.length === 0) return null

    const text = trimEnd(raw, start + 2, at)
    if (text === null) return null
    let level = this.#open.lastIndexOf(text)
    const isClose = level === -1 && text.endsWith('--')
    if (isClose) level = this.#open.lastIndexOf(text.slice(0, -2))
    if (level === -1) return null
    return { level, isClose, end: this.#beforeLineEnd(start), lines: Math.max(linesBefore - 1, 0) }
  }

  /** Short lines by hand, long ones by Node: so that neither kind is slow. */
  #nextLineEnd(from: number): number {
    const raw = this.#raw
    const near = Math.min(from + 12, raw.length)
    for (let at = from; at < near; at++) if (raw[at] === this.#lineEnd) return at
    const at = raw.indexOf(this.#lineEnd, near)
    return at === -1 ? raw.length : at
  }

  #beforeLineEnd(at: number): number {
    if (at === 0) return 0
    const isPair = this.#lineEnd === LF && this.#raw[at - 2] === CR
    return at - (isPair ? 2 : 1)
  }

  #isEmpty(line: number): boolean {
    const end = this.#lineEnd
    return this.#raw[line] === end || (this.#raw[line] === CR && this.#raw[line + 1] === end)
  }
}

/** The text without the white space that may follow a delimiter; null where it is too long for one. */
function trimEnd(raw: Buffer, start: number, end: number): string | null {
  let last = end
  while (last > start && isBlank(raw[last - 1])) last--
  return last - start > MAX_BOUNDARY + 2 ? null : raw.toString('utf8', start, last)
}

function isBlank(octet: number | undefined): boolean {
  return octet === 0x20 || octet === 0x09 || octet === CR
}

function boundaryOf(fields: Fields): string | null {
  if (!fields.type.startsWith('multipart/')) return null
  const boundary = fields.parameters.get('boundary')?.trimEnd() ?? ''
  return boundary === '' || boundary.length > MAX_BOUNDARY ? null : boundary
}

const TYPE = /^[!#-'*+\-.0-9^_`a-z{|}~]+\/[!#-'*+\-.0-9^_`a-z{|}~]+$/

/** The fields of a part of which nothing is known. */
export const OPAQUE: Fields = {
  type: 'application/octet-stream',
  parameters: new Map(),
  encoding: '7bit',
  disposition: null,
  dispositionParameters: new Map(),
  id: null,
  description: null,
  language: null,
  location: null,
  md5: null,
}

function readFields(header: Header, defaultType: string): Fields {
  const text = (name: string) => header.first(name)?.text
  const contentType = text('content-type')
  const { value, parameters } = readParameters(contentType ?? '')
  const disposition = readParameters(text('content-disposition') ?? '')
  return {
    type: contentType === undefined ? defaultType : TYPE.test(value) ? value : 'text/plain',
    parameters,
    encoding: withoutComments(text('content-transfer-encoding') ?? '').toLowerCase() || '7bit',
    disposition: disposition.value || null,
    dispositionParameters: disposition.parameters,
    id: text('content-id') || null,
    description: text('content-description') || null,
    language: text('content-language') || null,
    location: text('content-location') || null,
    md5: text('content-md5') || null,
  }
}
