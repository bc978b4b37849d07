import { isUtf8 } from 'node:buffer'
import { ImapSyntaxError } from '../errors.ts'
import type { CommandText, Literal } from './command-text.ts'
import { readDate, readDateTime } from './date-time.ts'
import { readFlag, readFlags } from './flag.ts'
import { readMailboxName } from './mailbox-name.ts'
import { readSequenceSet, type SequenceSet } from './sequence-set.ts'

/** Parentheses within parentheses that a command may have. */
export const MAX_DEPTH = 25

// RFC 9051 §9: an astring may have the bracket that an atom may not; a list-mailbox the wildcards too; a tag no plus.
const ATOM = /[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+/y
const ASTRING = /[!#$&'+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y
const LIST_MAILBOX = /[!#$%&'*+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y
const TAG = /[!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y
const WORD = /[A-Za-z0-9.=_-]+/y
const QUOTED = /"([^"\\\r\n\0]*(?:\\["\\][^"\\\r\n\0]*)*)"/y
const DIGITS = /\d+/y
const DATE = /"?\d{1,2}-[A-Za-z]{3}-\d{4}"?/y
const BASE64 = /[A-Za-z0-9+/]+={0,2}|=/y
const LARGEST_32 = 0xffff_ffff
const LARGEST_63 = 9_223_372_036_854_775_807n

/**
 * A cursor over one command (RFC 9051 §9). Pure and total: each method reads what it is named after and moves past it,
 * or throws an {@link ImapSyntaxError} that says where. Strings come out as Unicode.
 */
export class Parser {
  /** The client has enabled IMAP4rev2 or UTF8=ACCEPT: mailbox names are UTF-8. */
  readonly isUtf8: boolean
  readonly #text: string
  readonly #literals: readonly Literal[]
  #at = 0
  /** The first literal that has not been passed. */
  #nextLiteral = 0
  #depth = 0

  /** @param options `at`: where to begin, in octets of the text. */
  constructor({ text, literals }: CommandText, { isUtf8 = false, at = 0 } = {}) {
    this.#text = text
    this.#literals = literals
    this.#at = at
    this.isUtf8 = isUtf8
  }

  /** Octets read so far. */
  get at(): number {
    return this.#at
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length
  }

  /** The text starts with these characters here; the case of letters matters. Moves nothing. */
  sees(characters: string): boolean {
    return this.#text.startsWith(characters, this.#at)
  }

  /** Reads these characters where they come next; says whether they did. */
  accepts(characters: string): boolean {
    if (!this.sees(characters)) return false
    this.#at += characters.length
    return true
  }

  /** Reads a word where it comes next, whole and in any case; says whether it did. `word` is in upper case. */
  acceptsWord(word: string): boolean {
    if (this.#match(WORD)?.toUpperCase() !== word) return false
    this.#at += word.length
    return true
  }

  /** These characters must come next. */
  expect(characters: string): void {
    if (!this.accepts(characters)) this.fail(`expected "${characters}"`)
  }

  /** One space: no more, and no tab (RFC 9051 §9, note 2). */
  space(): void {
    this.expect(' ')
  }

  /** Nothing may come after, but for spaces, which some clients leave there. */
  end(): void {
    while (this.accepts(' '));
    if (!this.isAtEnd) this.fail('too many arguments')
  }

  fail(message: string, at = this.#at): never {
    throw new ImapSyntaxError(message, at)
  }

  /** What tells answers apart: any astring characters but `+`. */
  tag(): string {
    return this.#take(TAG, 'a tag')
  }

  /** A word of the grammar, in upper case: `BODY.PEEK`, `HEADER.FIELDS`, `UTF8=ACCEPT`; letters, digits and `.=_-`. */
  word(): string {
    return this.#take(WORD, 'a word').toUpperCase()
  }

  /** One of these words, which are in upper case; `expected` names them in the error. */
  oneOf<Word extends string>(words: readonly Word[], expected: string): Word {
    const next = this.peekWord()
    const word = words.find(word => word === next)
    if (word === undefined) return this.fail(`expected ${expected}`)
    this.#at += word.length
    return word
  }

  /** The word that comes next, or after these characters; in upper case, `''` where there is none. Moves nothing. */
  peekWord(after = ''): string {
    return this.sees(after) ? (this.#match(WORD, after.length)?.toUpperCase() ?? '') : ''
  }

  /** A digit comes next. */
  get seesDigit(): boolean {
    return /^[0-9]/.test(this.#text.charAt(this.#at))
  }

  atom(): string {
    return this.#take(ATOM, 'an atom')
  }

  astring(): string {
    return this.#seesString() ? this.string() : this.#take(ASTRING, 'a string')
  }

  /** Quoted or literal; UTF-8 (RFC 6855 §3: anything else is refused). */
  string(): string {
    if (this.sees('"')) return this.#quoted()
    const at = this.#at
    const octets = this.#literal()
    if (!isUtf8(octets)) this.fail('expected UTF-8', at)
    return octets.toString('utf8')
  }

  /** A string, or null for NIL. */
  nstring(): string | null {
    return this.acceptsWord('NIL') ? null : this.string()
  }

  /** From 0, 32 bits. */
  number(): number {
    const at = this.#at
    const number = Number(this.#take(DIGITS, 'a number'))
    return number <= LARGEST_32 ? number : this.fail('the number is too large', at)
  }

  /** From 1, 32 bits, without leading zeros. */
  nzNumber(): number {
    const at = this.#at
    if (this.sees('0')) this.fail('expected a number above 0')
    const number = this.number()
    return number > 0 ? number : this.fail('expected a number above 0', at)
  }

  /**
   * From 0, 63 bits in the RFC. Above 2^53 it comes out rounded, which no size or mod-sequence of ours ever reaches.
   */
  number64(): number {
    const at = this.#at
    const digits = this.#take(DIGITS, 'a number')
    return /^0*\d{1,19}$/.test(digits) && BigInt(digits) <= LARGEST_63
      ? Number(digits)
      : this.fail('the number is too large', at)
  }

  /** Parentheses around items with a space between them; `minimum` is 0 or 1. */
  list<Item>(item: () => Item, minimum: 0 | 1 = 0): Item[] {
    this.expect('(')
    return this.nested(() => {
      const items: Item[] = []
      if (minimum === 0 && this.accepts(')')) return items
      do items.push(item())
      while (this.accepts(' '))
      this.expect(')')
      return items
    })
  }

  /** Reads something that may hold more of its kind, at most {@link MAX_DEPTH} deep. */
  nested<Value>(read: () => Value): Value {
    if (this.#depth === MAX_DEPTH) this.fail(`nested deeper than ${MAX_DEPTH}`)
    this.#depth++
    const value = read()
    this.#depth--
    return value
  }

  /** With or without quotes. Milliseconds since 1970 of its beginning in +0000. */
  date(): number {
    const at = this.#at
    const text = this.#take(DATE, 'a date such as 1-Feb-1994')
    const isQuoted = text.startsWith('"')
    const date = readDate(isQuoted ? text.slice(1, -1) : text)
    if (date === null || isQuoted !== text.endsWith('"')) this.fail('there is no such date', at)
    return date
  }

  /** Milliseconds since 1970. */
  dateTime(): number {
    const at = this.#at
    if (!this.sees('"')) this.fail('expected a date and time in quotes')
    return readDateTime(this.#quoted()) ?? this.fail('there is no such date and time', at)
  }

  sequenceSet(): SequenceSet {
    const read = readSequenceSet(this.#text, this.#at)
    if (!read) return this.fail('expected a set of message numbers')
    this.#at = read.end
    return read.set
  }

  /** A flag that a client may set, in our spelling. */
  flag(): string {
    const at = this.#at
    const isSystem = this.accepts('\\')
    const text = this.#take(ATOM, 'a flag')
    return readFlag(isSystem ? `\\${text}` : text) ?? this.fail('there is no such system flag', at)
  }

  /**
   * In parentheses, perhaps none; each flag once.
   *
   * @throws ImapError `NO [LIMIT]`
   */
  flagList(): readonly string[] {
    return readFlags(this.list(() => this.flag()))
  }

  /**
   * The name as Unicode, INBOX in upper case.
   *
   * @throws ImapError `NO [CANNOT]` where no mailbox can have that name
   */
  mailbox(): string {
    return readMailboxName(this.astring(), this.isUtf8)
  }

  /** A name in which `*` and `%` are wildcards, as Unicode. Throws as {@link mailbox} does. */
  listMailbox(): string {
    const text = this.#seesString() ? this.string() : this.#take(LIST_MAILBOX, 'a mailbox name')
    return readMailboxName(text, this.isUtf8)
  }

  /** What the base64 of a SASL exchange stands for; `=` is an empty answer (RFC 9051 §6.2.2). */
  base64(): Buffer {
    const at = this.#at
    const text = this.#take(BASE64, 'base64')
    if (text === '=') return Buffer.alloc(0)
    return text.length % 4 === 0 ? Buffer.from(text, 'base64') : this.fail('expected base64', at)
  }

  /** A literal that the reader left to its caller: what is known of it. */
  streamedLiteral(): Literal {
    const literal = this.#literalHere()
    if (literal?.octets !== null) return this.fail('expected the literal of a message')
    this.#at = literal.end
    return literal
  }

  #literal(): Buffer {
    const literal = this.#literalHere()
    if (!literal?.octets) return this.fail('expected a string')
    // RFC 9051 §9: CHAR8 is any octet but NUL.
    if (!literal.isBinary && literal.octets.includes(0)) this.fail('a literal with NUL')
    this.#at = literal.end
    return literal.octets
  }

  #literalHere(): Literal | undefined {
    for (;;) {
      const literal = this.#literals[this.#nextLiteral]
      if (!literal || literal.start > this.#at) return undefined
      if (literal.start === this.#at) return literal
      this.#nextLiteral++
    }
  }

  #quoted(): string {
    const at = this.#at
    QUOTED.lastIndex = at
    const match = QUOTED.exec(this.#text)
    if (!match) return this.fail('a quoted string that does not end, or holds what it must not')
    this.#at = QUOTED.lastIndex
    const text = (match[1] as string).replace(/\\(.)/g, '$1')
    if (/^[\x00-\x7f]*$/.test(text)) return text
    const octets = Buffer.from(text, 'latin1')
    return isUtf8(octets) ? octets.toString('utf8') : this.fail('expected UTF-8', at)
  }

  #seesString(): boolean {
    return this.sees('"') || this.sees('{') || this.sees('~{')
  }

  #match(pattern: RegExp, ahead = 0): string | undefined {
    pattern.lastIndex = this.#at + ahead
    return pattern.exec(this.#text)?.[0]
  }

  #take(pattern: RegExp, expected: string): string {
    const text = this.#match(pattern)
    if (text === undefined) return this.fail(`expected ${expected}`)
    this.#at += text.length
    return text
  }
}
