import type { Address } from './address.ts'
import { decodeEncodedWords, withoutControls } from './encoded-word.ts'
import { Skipper } from './parameters.ts'

/** Addresses past this many in one field are left out. */
export const MAX_ADDRESSES = 10_000

/**
 * Reads an address list (RFC 5322 §3.4, with the obsolete forms of §4.4) from unfolded text: groups are
 * flattened, comments dropped, names decoded. Total and linear: of a broken list it makes what a person would
 * read in it. An address is never decoded, since an encoded-word has no place in it (RFC 2047 §5).
 */
export function readAddressList(text: string): readonly Address[] {
  const addresses: Address[] = []
  for (const entry of addressEntries(text)) {
    if (entry.end === ':') continue
    const address = toAddress(entry)
    if (address) addresses.push(address)
    if (addresses.length === MAX_ADDRESSES) break
  }
  return addresses
}

/** The same as they are written, with their groups: what {@link readAddressList} is made of. */
export function* addressEntries(text: string): Generator<AddressEntry> {
  const reader = new Reader(withoutControls(text))
  for (let entry = reader.next(); entry; entry = reader.next()) yield entry
}

/** What stands between two commas. */
export type AddressEntry = {
  /** Words and quoted strings outside angle brackets, without quotes. */
  phrase: string
  /** The same with its quotes, to find an address in where there are no angle brackets. */
  source: string
  /** What is in the angle brackets, null where there are none. */
  angle: string | null
  /** The last one, without its parentheses. */
  comment: string
  /** What it ends with: after `:` it was the name of a group (RFC 5322 §3.4), `;` ends one; `''` is the end of the text. */
  end: ',' | ';' | ':' | ''
}

class Reader {
  readonly #text: string
  readonly #skip: Skipper
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#skip = new Skipper(text)
  }

  next(): AddressEntry | null {
    if (this.#at >= this.#text.length) return null
    const entry: AddressEntry = { phrase: '', source: '', angle: null, comment: '', end: '' }
    let hasAt = false
    while (this.#at < this.#text.length) {
      const start = this.#at
      const char = this.#text[start]
      if (char === ',' || char === ';') {
        this.#at++
        entry.end = char
        break
      }
      if (char === '"') {
        this.#at = this.#skip.quoted(start)
        const string = this.#text.slice(start, this.#at)
        entry.phrase += string.length > 1 ? unescaped(string.slice(1, -1)) : ''
        entry.source += string.length > 1 ? string : ''
      } else if (char === '(') {
        this.#at = this.#skip.comment(start)
        if (this.#at > start + 1) entry.comment = this.#text.slice(start + 1, this.#at - 1)
      } else if (char === '<') {
        const angle = this.#angle()
        if (entry.angle === null || entry.angle === '') entry.angle = angle
      } else if (char === ':' && entry.angle === null && !hasAt) {
        this.#at++
        entry.end = char
        break
      } else {
        this.#at = this.#plainEnd(start)
        const plain = this.#text.slice(start, this.#at)
        entry.phrase += plain
        entry.source += plain
        hasAt ||= plain.includes('@')
      }
    }
    return entry
  }

  /** An encoded-word with its commas, or what has no meaning of its own. */
  #plainEnd(start: number): number {
    if (this.#text.startsWith('=?', start)) {
      ENCODED_WORD.lastIndex = start
      const word = ENCODED_WORD.exec(this.#text)
      if (word) return start + word[0].length
    }
    PLAIN.lastIndex = start + 1
    PLAIN.exec(this.#text)
    return PLAIN.lastIndex
  }

  /** From `<` past `>`; a comma ends an angle that is not closed, unless it is a route (RFC 5322 §4.4). */
  #angle(): string {
    let out = ''
    this.#at++
    ROUTE.lastIndex = this.#at
    const isRoute = ROUTE.test(this.#text)
    while (this.#at < this.#text.length) {
      const start = this.#at
      const char = this.#text[start]
      if (char === '>') {
        this.#at++
        break
      }
      if (char === ',' && !isRoute) break
      if (char === '"') {
        this.#at = this.#skip.quoted(start)
        out += this.#text.slice(start, this.#at)
      } else if (char === '(') {
        this.#at = this.#skip.comment(start)
        if (this.#at === start + 1) out += char
      } else {
        ADDRESS_PLAIN.lastIndex = start + 1
        ADDRESS_PLAIN.exec(this.#text)
        this.#at = ADDRESS_PLAIN.lastIndex
        out += this.#text.slice(start, this.#at)
      }
    }
    return out
  }
}

const ENCODED_WORD = /=\?[^?\s]{1,64}\?[BbQq]\?[^?]*\?=/y
const PLAIN = /[^,;:"(<=]*/y
const ROUTE = /[ \t]*@/y
const ADDRESS_PLAIN = /[^>,"(]*/y

/** Without the backslashes of quoted pairs (RFC 5322 §3.2.1). */
export function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}

/** Null where nothing is left to show. */
function toAddress({ phrase, source, angle, comment }: AddressEntry): Address | null {
  const bare = angle === null ? splitBare(source.trim()) : null
  const address = addressOf(bare ? bare.address : (angle ?? ''))
  const words = bare?.address ? unescaped(bare.rest).replaceAll('"', '') : phrase
  const name = nameOf(words) || (address === '' ? '' : nameOf(unescaped(comment)))
  return address === '' && name === '' ? null : { name, address }
}

/** Without angle brackets the address is the word that holds an `@`, with its quoted local part. */
export function splitBare(source: string): { address: string; rest: string } {
  const at = source.lastIndexOf('@')
  if (at <= 0) return { address: '', rest: source }
  let start = at
  if (source[at - 1] === '"') start = openingQuote(source, at - 1)
  else while (start > 0 && source[start - 1] !== ' ') start--
  const space = source.indexOf(' ', at)
  const end = space === -1 ? source.length : space
  return { address: source.slice(start, end), rest: source.slice(0, start) + source.slice(end) }
}

/** Of the quoted string that closes there; a quote after a backslash is in it. */
function openingQuote(source: string, close: number): number {
  let at = close
  do at = source.lastIndexOf('"', at - 1)
  while (at > 0 && source[at - 1] === '\\')
  return Math.max(at, 0)
}

/** Without the route and the white space that obsolete syntax lets stand (RFC 5322 §4.4), quoted parts as they are. */
function addressOf(angle: string): string {
  const route = /^\s*@[^:"]*:/.exec(angle)
  const address = angle.slice(route?.[0].length ?? 0).trim()
  return address.includes('"') ? address : address.replace(/\s+/g, '')
}

function nameOf(phrase: string): string {
  return decodeEncodedWords(phrase).replace(/ {2,}/g, ' ').trim()
}
