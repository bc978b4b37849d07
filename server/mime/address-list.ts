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
  const reader = new Reader(text)
  const addresses: Address[] = []
  for (
    let entry = reader.next();
    entry && addresses.length < MAX_ADDRESSES;
    entry = reader.next()
  ) {
    const address = toAddress(entry)
    if (address) addresses.push(address)
  }
  return addresses
}

/** What stands between two commas. */
type Entry = {
  /** Words and quoted strings outside angle brackets, without quotes. */
  phrase: string
  /** The same with its quotes, to find an address in where there are no angle brackets. */
  source: string
  angle: string | null
  comment: string
}

class Reader {
  readonly #text: string
  readonly #skip: Skipper
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#skip = new Skipper(text)
  }

  next(): Entry | null {
    if (this.#at >= this.#text.length) return null
    const entry: Entry = { phrase: '', source: '', angle: null, comment: '' }
    while (this.#at < this.#text.length) {
      const start = this.#at
      const char = this.#text[start]
      if (char === ',' || char === ';') {
        this.#at++
        break
      }
      if (char === '"') {
        this.#at = this.#skip.quoted(start)
        const string = this.#text.slice(start, this.#at)
        entry.phrase += string.length > 1 ? unquoted(string) : ''
        entry.source += string.length > 1 ? string : ''
      } else if (char === '(') {
        this.#at = this.#skip.comment(start)
        if (this.#at > start + 1) entry.comment = this.#text.slice(start + 1, this.#at - 1)
      } else if (char === '<') {
        const angle = this.#angle()
        if (entry.angle === null || entry.angle === '') entry.angle = angle
      } else if (char === ':' && entry.angle === null && !entry.source.includes('@')) {
        // The phrase was the name of a group (RFC 5322 §3.4).
        entry.phrase = ''
        entry.source = ''
        this.#at++
      } else {
        this.#at = this.#plainEnd(start)
        const plain = this.#text.slice(start, this.#at)
        entry.phrase += plain
        entry.source += plain
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
    while (this.#at < this.#text.length) {
      const start = this.#at
      const char = this.#text[start]
      if (char === '>') {
        this.#at++
        break
      }
      if (char === ',' && !out.trimStart().startsWith('@')) break
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
const ADDRESS_PLAIN = /[^>,"(]*/y

function unquoted(string: string): string {
  return string.slice(1, -1).replace(/\\(.)/g, '$1')
}

function toAddress(entry: Entry): Address | null {
  if (entry.angle !== null) {
    const address = addressOf(entry.angle)
    const name = nameOf(entry.phrase) || nameOf(unquoted(`(${entry.comment})`))
    return address === '' && name === '' ? null : { name, address }
  }
  const source = entry.source.trim()
  if (source === '') return null
  const { before, address, after } = splitBare(source)
  if (address === '') return { name: nameOf(entry.phrase), address: '' }
  const name = nameOf(unquoted(`"${before}${after}"`).replaceAll('"', ''))
  return { name: name || nameOf(unquoted(`(${entry.comment})`)), address }
}

/** Without angle brackets the address is the word that holds an `@`, with its quoted local part. */
function splitBare(source: string): { before: string; address: string; after: string } {
  const at = source.lastIndexOf('@')
  if (at <= 0) return { before: source, address: '', after: '' }
  let start = at
  if (source[at - 1] === '"') {
    start = Math.max(source.lastIndexOf('"', at - 2), 0)
  } else {
    while (start > 0 && source[start - 1] !== ' ' && source[start - 1] !== '\t') start--
  }
  const space = source.slice(at).search(/[ \t]/)
  const end = space === -1 ? source.length : at + space
  return {
    before: source.slice(0, start),
    address: withoutControls(source.slice(start, end)),
    after: source.slice(end),
  }
}

/** Without the route and the white space that obsolete syntax lets stand (RFC 5322 §4.4), quoted parts as they are. */
function addressOf(angle: string): string {
  const route = /^\s*@[^:"]*:/.exec(angle)
  const address = angle.slice(route?.[0].length ?? 0).trim()
  return withoutControls(address.includes('"') ? address : address.replace(/\s+/g, ''))
}

function nameOf(phrase: string): string {
  return withoutControls(decodeEncodedWords(phrase)).replace(/ {2,}/g, ' ').trim()
}
