import { decodeText } from './charset.ts'
import { decodeEncodedWords, withoutControls } from './encoded-word.ts'

/** A structured value such as `text/plain; charset=utf-8`. */
export type Parameterised = {
  /** What stands before the first `;`, in lower case, without comments and white space. */
  readonly value: string
  /** By lower-case name, decoded: RFC 2231 continuations and charsets, and RFC 2047 words, which many programs send. */
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Reads the value of Content-Type or Content-Disposition (RFC 2045 §5.1, RFC 2183, RFC 2231), unfolded.
 * Total and linear; of two parameters of one name the first holds, `name*` holds over `name` (RFC 2231 §4,
 * as RFC 6266 §4.3 says it of file names).
 */
export function readParameters(text: string): Parameterised {
  const pieces = splitAtSemicolons(text)
  const value = withoutComments(pieces[0] ?? '').toLowerCase()
  return { value, parameters: pieces.length > 1 ? collect(pieces.slice(1)) : NONE }
}

const NONE: ReadonlyMap<string, string> = new Map()

/** At every `;` outside quoted strings and comments; a quote or parenthesis that is never closed is a plain character. */
function splitAtSemicolons(text: string): string[] {
  if (!/["(\\]/.test(text)) return text.split(';')
  const pieces: string[] = []
  let start = 0
  let at = 0
  const skip = new Skipper(text)
  while (at < text.length) {
    const char = text[at]
    if (char === ';') {
      pieces.push(text.slice(start, at))
      start = at + 1
    }
    at = char === '"' ? skip.quoted(at) : char === '(' ? skip.comment(at) : at + 1
  }
  pieces.push(text.slice(start))
  return pieces
}

/**
 * Steps over quoted strings and comments (RFC 5322 §3.2.2, §3.2.4). Once one is found unclosed, no later
 * one is looked for: so the work stays linear.
 */
export class Skipper {
  readonly #text: string
  #hasQuotes = true
  #hasComments = true

  constructor(text: string) {
    this.#text = text
  }

  /** Just past the quoted string that opens at `at`, or past the one character where it is not closed. */
  quoted(at: number): number {
    if (!this.#hasQuotes) return at + 1
    for (let i = at + 1; i < this.#text.length; i++) {
      if (this.#text[i] === '\\') i++
      else if (this.#text[i] === '"') return i + 1
    }
    this.#hasQuotes = false
    return at + 1
  }

  /** Just past the comment that opens at `at`, nested ones included, or past the one character. */
  comment(at: number): number {
    if (!this.#hasComments) return at + 1
    let depth = 0
    for (let i = at; i < this.#text.length; i++) {
      const char = this.#text[i]
      if (char === '\\') i++
      else if (char === '(') depth++
      else if (char === ')' && --depth === 0) return i + 1
    }
    this.#hasComments = false
    return at + 1
  }
}

/** Without comments and the white space around what remains. */
export function withoutComments(text: string): string {
  if (!text.includes('(')) return text.trim()
  const skip = new Skipper(text)
  let out = ''
  let at = 0
  while (at < text.length) {
    const end = text[at] === '"' ? skip.quoted(at) : text[at] === '(' ? skip.comment(at) : at + 1
    const isComment = text[at] === '(' && end > at + 1
    out += isComment ? ' ' : text.slice(at, end)
    at = end
  }
  return out.trim()
}

/** A parameter as it is written: `name*2*` has the base `name`, the section 2 (RFC 2231 §3), and is encoded (§4). */
type Written = {
  /** In lower case. */
  readonly name: string
  readonly base: string
  /** 0 for `name*` alone; null where there is no section. */
  readonly section: number | null
  readonly isEncoded: boolean
  /** Without quotes. */
  readonly text: string
}

function writtenOf(piece: string): Written | null {
  const equals = piece.indexOf('=')
  if (equals === -1) return null
  const name = withoutComments(piece.slice(0, equals)).toLowerCase()
  if (name === '') return null
  const text = unquote(piece.slice(equals + 1))
  const star = name.indexOf('*')
  if (star === -1) return { name, base: name, section: null, isEncoded: false, text }
  const found = /^(\d{0,6})(\*?)$/.exec(name.slice(star + 1))
  if (!found || star === 0) return { name, base: '', section: null, isEncoded: false, text }
  const [, digits = '', encoded] = found
  const isEncoded = digits === '' || encoded === '*'
  return { name, base: name.slice(0, star), section: Number(digits), isEncoded, text }
}

function collect(pieces: readonly string[]): Map<string, string> {
  const plain = new Map<string, string>()
  const extended = new Sections()
  for (const piece of pieces) {
    const written = writtenOf(piece)
    if (!written || written.base === '') continue
    const { base, section, text } = written
    if (section !== null) extended.add(written)
    else if (!plain.has(base)) plain.set(base, withoutControls(decodeEncodedWords(text)))
  }
  for (const [name, run] of extended.runs()) plain.set(name, join(run))
  return plain
}

/** The sections of RFC 2231 §3, of each number the first. */
class Sections {
  readonly #byBase = new Map<string, Map<number, Written>>()

  add(written: Written): void {
    const { base, section } = written
    let sections = this.#byBase.get(base)
    if (!sections) {
      sections = new Map()
      this.#byBase.set(base, sections)
    }
    if (section !== null && !sections.has(section)) sections.set(section, written)
  }

  /** By name those from 0 on without a gap; no names that have no section 0. */
  *runs(): Generator<[name: string, run: readonly Written[]]> {
    for (const [base, sections] of this.#byBase) {
      const run: Written[] = []
      for (;;) {
        const next = sections.get(run.length)
        if (!next) break
        run.push(next)
      }
      if (run.length > 0) yield [base, run]
    }
  }
}

function join(run: readonly Written[]): string {
  let charset = ''
  const octets = run.map(({ text, isEncoded }, i) => {
    if (!isEncoded) return Buffer.from(text, 'utf8')
    if (i > 0) return percentDecoded(text)
    const prefix = /^([^']{0,64})'[^']{0,64}'/.exec(text)
    charset = prefix?.[1] ?? ''
    return percentDecoded(text.slice(prefix?.[0].length ?? 0))
  })
  const text = decodeText(Buffer.concat(octets), charset)
  // Some programs put an encoded-word into the continuations of RFC 2231.
  return withoutControls(run[0]?.isEncoded ? text : decodeEncodedWords(text))
}

/**
 * The parameters as they are written, in order, names in lower case: nothing is decoded, but the sections of RFC 2231 §3
 * are one, `name` where none is encoded and else `name*` with its charset. Those after a gap are by themselves.
 */
export function readWrittenParameters(text: string): (readonly [name: string, value: string])[] {
  const written = splitAtSemicolons(text)
    .slice(1)
    .map(writtenOf)
    .filter(parameter => parameter !== null)
  const extended = new Sections()
  for (const parameter of written) if (parameter.section !== null) extended.add(parameter)
  const runs = new Map(extended.runs())
  const result: (readonly [string, string])[] = []
  for (const parameter of written) {
    const { name, base, section, text } = parameter
    const run = section === null ? undefined : runs.get(base)
    const isJoined = run?.[section ?? 0] === parameter
    if (run && isJoined && section === 0) result.push(joinWritten(base, run))
    else if (!isJoined) result.push([name, text])
  }
  return result
}

function joinWritten(base: string, run: readonly Written[]): readonly [string, string] {
  if (!run.some(({ isEncoded }) => isEncoded)) return [base, run.map(({ text }) => text).join('')]
  const texts = run.map(({ text, isEncoded }) => (isEncoded ? text : percentEncoded(text)))
  // Neither charset nor language was given.
  const prefix = run[0]?.isEncoded ? '' : "''"
  return [`${base}*`, `${prefix}${texts.join('')}`]
}

/** All but attribute-chars (RFC 2231 §7). */
function percentEncoded(text: string): string {
  if (/^[\w!#$&+.^`{|}~-]*$/.test(text)) return text
  let out = ''
  for (const octet of Buffer.from(text)) {
    const char = String.fromCharCode(octet)
    const isPlain = /[\w!#$&+.^`{|}~-]/.test(char)
    out += isPlain ? char : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}

function percentDecoded(text: string): Buffer {
  if (/[^\u0000-\u007f]/.test(text)) return Buffer.from(text, 'utf8')
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1')
}

/** A quoted string's content, or a bare value with its spaces, without a comment after it. */
function unquote(text: string): string {
  const value = text.trim()
  if (value.startsWith('"')) {
    const end = new Skipper(value).quoted(0)
    return (end > 1 ? value.slice(1, end - 1) : value.slice(1)).replace(/\\(.)/g, '$1')
  }
  return value.endsWith(')') ? withoutTrailingComment(value) : value
}

/** `us-ascii (plain)` has a comment; `report (1).pdf` has none, though a token may not hold it. */
function withoutTrailingComment(value: string): string {
  const at = value.indexOf(' (')
  return at !== -1 && new Skipper(value).comment(at + 1) === value.length
    ? value.slice(0, at).trim()
    : value
}
