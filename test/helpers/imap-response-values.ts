/** RFC 9051 §9, ASTRING-CHAR; a tag has no plus. */
const ASTRING = /[!#$&'+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y
const FLAG = /\\?[!#$&'+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+|\\\*/y
const QUOTED = /"(?:[^"\\\r\n\0]|\\["\\])*"/y
const LITERAL = /(~?)\{(\d+)\}\r\n/y
const NUMBER = /0|[1-9]\d*/y
const NZ_NUMBER = /[1-9]\d*/y
const DATE_TIME = /"[ \d]\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d [+-]\d{4}"/y
/** RFC 8474 §7. */
const OBJECT_ID = /\([A-Za-z0-9_-]{1,255}\)/y

/**
 * A cursor over what an IMAP server has sent: the values of responses (RFC 9051 §9), each read as strictly as the grammar
 * lets one. One character is one octet. Throws with the place where it is not as it should be.
 */
export class ResponseValues {
  readonly #sent: string
  #at = 0

  constructor(sent: string) {
    this.#sent = sent
  }

  get at(): number {
    return this.#at
  }

  get isAtEnd(): boolean {
    return this.#at === this.#sent.length
  }

  slice(start: number, end: number): string {
    return this.#sent.slice(start, end)
  }

  attribute(): void {
    const name = this.take(/BODY(?=\[)|BINARY(?:\.SIZE)?(?=\[)|[A-Z0-9.]+/y, 'an attribute')
    if (this.sees('[')) {
      this.#section()
      if (this.accepts('<')) {
        this.take(NUMBER, 'an offset')
        this.expect('>')
      }
    }
    this.expect(' ')
    const isTree = this.sees('(')
    if (name === 'FLAGS') this.flags()
    else if (name === 'UID') this.take(NZ_NUMBER, 'a UID')
    else if (/^(?:RFC822|BINARY)\.SIZE$/.test(name)) this.take(NUMBER, 'a size')
    else if (name === 'MODSEQ') this.take(/\([1-9]\d*\)/y, 'a mod-sequence')
    else if (name === 'INTERNALDATE') this.take(DATE_TIME, 'a date and time')
    else if (name === 'ENVELOPE') this.#envelope()
    else if (name === 'BODYSTRUCTURE' || (name === 'BODY' && isTree)) {
      this.#structure(name === 'BODYSTRUCTURE')
    } else if (/^(?:BODY|PREVIEW|RFC822(?:\.HEADER|\.TEXT)?)$/.test(name)) this.nstring()
    else if (name === 'BINARY') this.nstring(true)
    else if (!/^(?:EMAILID|THREADID|SAVEDATE)$/.test(name)) this.fail(`the attribute ${name}`)
    else if (!this.accepts('NIL')) {
      if (name === 'SAVEDATE') this.take(DATE_TIME, 'a date and time')
      else this.take(OBJECT_ID, 'an object id')
    }
  }

  #section(): void {
    this.expect('[')
    this.match(/[1-9]\d*(?:\.[1-9]\d*)*(?:\.(?=[A-Z]))?/y)
    if (this.match(/HEADER\.FIELDS(?:\.NOT)?/y) !== undefined) {
      this.expect(' ')
      this.list(() => this.astring())
    } else this.match(/HEADER|TEXT|MIME/y)
    this.expect(']')
  }

  #envelope(): void {
    this.expect('(')
    this.nstring()
    this.expect(' ')
    this.nstring()
    for (let field = 0; field < 6; field++) {
      this.expect(' ')
      if (!this.accepts('NIL')) this.list(() => this.#address(), '')
    }
    this.expect(' ')
    this.nstring()
    this.expect(' ')
    this.nstring()
    this.expect(')')
  }

  #address(): void {
    this.expect('(')
    for (let field = 0; field < 4; field++) {
      if (field > 0) this.expect(' ')
      this.nstring()
    }
    this.expect(')')
  }

  /** RFC 9051 §9, body. */
  #structure(hasExtension: boolean): void {
    this.expect('(')
    if (this.sees('(')) {
      while (this.sees('(')) this.#structure(hasExtension)
      this.expect(' ')
      this.string()
      if (hasExtension && this.accepts(' ')) {
        this.#parameters()
        this.#extension()
      }
    } else this.#leaf(hasExtension)
    this.expect(')')
  }

  #leaf(hasExtension: boolean): void {
    const type = this.string().toUpperCase()
    this.expect(' ')
    const subtype = this.string().toUpperCase()
    this.expect(' ')
    this.#parameters()
    this.expect(' ')
    this.nstring()
    this.expect(' ')
    this.nstring()
    this.expect(' ')
    this.string()
    this.expect(' ')
    this.take(NUMBER, 'octets')
    if (type === 'MESSAGE' && (subtype === 'RFC822' || subtype === 'GLOBAL')) {
      this.expect(' ')
      this.#envelope()
      this.expect(' ')
      this.#structure(hasExtension)
    }
    if (type === 'TEXT' || (type === 'MESSAGE' && (subtype === 'RFC822' || subtype === 'GLOBAL'))) {
      this.expect(' ')
      this.take(NUMBER, 'lines')
    }
    if (hasExtension && this.accepts(' ')) {
      this.nstring()
      this.#extension()
    }
  }

  /** Disposition, language and location, each with those before it. */
  #extension(): void {
    if (!this.accepts(' ')) return
    if (!this.accepts('NIL')) {
      this.expect('(')
      this.string()
      this.expect(' ')
      this.#parameters()
      this.expect(')')
    }
    if (!this.accepts(' ')) return
    if (this.sees('(')) this.list(() => this.string())
    else this.nstring()
    if (this.accepts(' ')) this.nstring()
  }

  #parameters(): void {
    if (this.accepts('NIL')) return
    this.list(() => {
      this.string()
      this.expect(' ')
      this.string()
    })
  }

  flags(): void {
    this.list(() => this.take(FLAG, 'a flag'))
  }

  /** None where it is empty. */
  list(item: () => unknown, between = ' '): void {
    this.expect('(')
    if (this.accepts(')')) return
    do item()
    while (between === '' ? !this.sees(')') : this.accepts(between))
    this.expect(')')
  }

  astring(): void {
    if (this.match(ASTRING) === undefined) this.string()
  }

  nstring(isBinary = false): void {
    if (!this.accepts('NIL')) this.string(isBinary)
  }

  string(isBinary = false): string {
    const quoted = this.match(QUOTED)
    if (quoted !== undefined) return quoted.slice(1, -1)
    const at = this.#at
    LITERAL.lastIndex = at
    const [head, tilde, size] = LITERAL.exec(this.#sent) ?? []
    if (head === undefined || (tilde === '~' && !isBinary)) return this.fail('a string')
    const start = at + head.length
    this.#at = start + Number(size)
    if (this.#at > this.#sent.length) this.fail('a literal that is all there')
    const octets = this.#sent.slice(start, this.#at)
    // RFC 9051 §9, CHAR8.
    if (tilde === '' && octets.includes('\0')) this.fail('a literal without NUL')
    return octets
  }

  word(): string {
    return this.take(/[A-Z]+/y, 'a word')
  }

  sees(characters: string): boolean {
    return this.#sent.startsWith(characters, this.#at)
  }

  accepts(characters: string): boolean {
    if (!this.sees(characters)) return false
    this.#at += characters.length
    return true
  }

  expect(characters: string): void {
    if (!this.accepts(characters)) this.fail(JSON.stringify(characters))
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#sent)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  take(pattern: RegExp, expected: string): string {
    return this.match(pattern) ?? this.fail(expected)
  }

  fail(expected: string): never {
    const before = JSON.stringify(this.#sent.slice(Math.max(0, this.#at - 200), this.#at))
    const after = JSON.stringify(this.#sent.slice(this.#at, this.#at + 100))
    throw new Error(`expected ${expected} behind ${before}, not ${after}`)
  }
}
