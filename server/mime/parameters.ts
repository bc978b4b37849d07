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

/** One `name*n*` of RFC 2231 §3 and §4. */
type Section = { readonly text: string; readonly isEncoded: boolean }

function collect(pieces: readonly string[]): Map<string, string> {
  const plain = new Map<string, string>()
  const extended = new Map<string, Map<number, Section>>()
  for (const piece of pieces) {
    const equals = piece.indexOf('=')
    if (equals === -1) continue
    const name = withoutComments(piece.slice(0, equals)).toLowerCase()
    const text = unquote(piece.slice(equals + 1))
    const star = name.indexOf('*')
    if (star === -1) {
      if (name !== '' && !plain.has(name))
        plain.set(name, withoutControls(decodeEncodedWords(text)))
      continue
    }
    const section = /^(\d{0,6})(\*?)$/.exec(name.slice(star + 1))
    if (!section || star === 0) continue
    const base = name.slice(0, star)
    let sections = extended.get(base)
    if (!sections) {
      sections = new Map()
      extended.set(base, sections)
    }
    const [, number = '', encodedStar] = section
    // `name*` alone is section 0 and encoded.
    const index = number === '' ? 0 : Number(number)
    if (!sections.has(index)) {
      sections.set(index, { text, isEncoded: number === '' || encodedStar === '*' })
    }
  }
  for (const [name, sections] of extended) {
    const joined = join(sections)
    if (joined !== null) plain.set(name, joined)
  }
  return plain
}

/** The sections from 0 on without a gap; null where section 0 is missing. */
function join(sections: ReadonlyMap<number, Section>): string | null {
  const first = sections.get(0)
  if (!first) return null
  let charset = ''
  const octets: Buffer[] = []
  for (let i = 0; ; i++) {
    const section = sections.get(i)
    if (!section) break
    let text = section.text
    if (i === 0 && section.isEncoded) {
      const prefix = /^([^']{0,64})'[^']{0,64}'/.exec(text)
      charset = prefix?.[1] ?? ''
      text = text.slice(prefix?.[0].length ?? 0)
    }
    octets.push(section.isEncoded ? percentDecoded(text) : Buffer.from(text, 'utf8'))
  }
  const text = decodeText(Buffer.concat(octets), charset)
  // Some programs put an encoded-word into the continuations of RFC 2231.
  return withoutControls(first.isEncoded ? text : decodeEncodedWords(text))
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
