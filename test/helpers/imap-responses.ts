import { ResponseValues } from './imap-response-values.ts'

/** One response of a server, as the grammar has it (RFC 9051 §7, §9). */
export type ImapResponse =
  | { readonly kind: 'continue' }
  | {
      readonly kind: 'tagged'
      readonly tag: string
      readonly condition: string
      readonly code: string | null
    }
  /** `name` in upper case; `number` is what stands in front of it, or 0. */
  | {
      readonly kind: 'untagged'
      readonly name: string
      readonly number: number
      readonly code: string | null
      /** What follows the name, as it was sent. */
      readonly rest: string
    }

/**
 * Reads what a server has sent, as strictly as the grammar lets one: one character is one octet. Throws with the place
 * where it is not as it should be.
 */
export function readResponses(sent: string): readonly ImapResponse[] {
  const reader = new ResponseReader(sent)
  const responses: ImapResponse[] = []
  while (!reader.isAtEnd) responses.push(reader.response())
  return responses
}

const ATOM = /[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+/y
const TAG = /[!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y
/** TEXT-CHAR, of which we use what can be printed. */
const TEXT = /[\x20-\x7e]+/y
const QUOTED = /"(?:[^"\\\r\n\0]|\\["\\])*"/y
const NUMBER = /0|[1-9]\d*/y
const NZ_NUMBER = /[1-9]\d*/y
const SET = /\d+(?::\d+)?(?:,\d+(?::\d+)?)*/y
const CODE = /[A-Z0-9-]+/y
const CONDITIONS = ['OK', 'NO', 'BAD', 'BYE', 'PREAUTH'] as const
/** RFC 8474 §7. */
const OBJECT_ID = /\([A-Za-z0-9_-]{1,255}\)/y

class ResponseReader {
  readonly #values: ResponseValues

  constructor(sent: string) {
    this.#values = new ResponseValues(sent)
  }

  get isAtEnd(): boolean {
    return this.#values.isAtEnd
  }

  response(): ImapResponse {
    if (this.#values.accepts('+ ')) {
      // An empty challenge has nothing behind the space (RFC 9051 §9, continue-req).
      this.#values.match(TEXT)
      this.#values.expect('\r\n')
      return { kind: 'continue' }
    }
    if (this.#values.accepts('* ')) return this.#untagged()
    const tag = this.#values.take(TAG, 'a tag')
    this.#values.expect(' ')
    const condition = this.#values.word()
    if (!['OK', 'NO', 'BAD'].includes(condition)) this.#values.fail(`a tagged ${condition}`)
    const code = this.#statusText()
    return { kind: 'tagged', tag, condition, code }
  }

  #untagged(): ImapResponse {
    const digits = this.#values.match(NUMBER)
    if (digits !== undefined) this.#values.expect(' ')
    const name = this.#values.word()
    const start = this.#values.at
    const code = digits === undefined ? this.#named(name) : this.#numbered(name)
    const rest = this.#values.slice(start, this.#values.at - 2)
    return { kind: 'untagged', name, number: Number(digits ?? 0), code, rest }
  }

  #numbered(name: string): null {
    if (name === 'FETCH') {
      this.#values.expect(' ')
      this.#values.list(() => this.#values.attribute())
    } else if (!['EXISTS', 'EXPUNGE', 'RECENT'].includes(name))
      this.#values.fail(`a number with ${name}`)
    this.#values.expect('\r\n')
    return null
  }

  /** Everything behind the name, with the line end. */
  #named(name: string): string | null {
    if ((CONDITIONS as readonly string[]).includes(name)) return this.#statusText()
    switch (name) {
      case 'CAPABILITY':
      case 'ENABLED':
        while (this.#values.accepts(' ')) this.#values.take(ATOM, 'a capability')
        break
      case 'FLAGS':
        this.#values.expect(' ')
        this.#values.flags()
        break
      case 'LIST':
      case 'LSUB':
        this.#listed()
        break
      case 'NAMESPACE':
        for (let kind = 0; kind < 3; kind++) {
          this.#values.expect(' ')
          if (!this.#values.accepts('NIL')) this.#values.list(() => this.#namespace(), '')
        }
        break
      case 'SEARCH':
      case 'SORT':
        while (this.#values.accepts(' ')) {
          if (this.#values.accepts('(MODSEQ ')) {
            this.#values.take(NUMBER, 'a mod-sequence')
            this.#values.expect(')')
            break
          }
          this.#values.take(NZ_NUMBER, 'a number')
        }
        break
      case 'THREAD':
        if (this.#values.accepts(' '))
          do this.#thread()
          while (this.#values.sees('('))
        break
      case 'ESEARCH':
        this.#esearch()
        break
      case 'STATUS':
        this.#values.expect(' ')
        this.#values.astring()
        this.#values.expect(' ')
        this.#values.list(() => this.#statusItem())
        break
      case 'VANISHED':
        this.#values.expect(' ')
        this.#values.accepts('(EARLIER) ')
        this.#values.take(SET, 'a set')
        break
      case 'ID':
        this.#values.expect(' ')
        if (!this.#values.accepts('NIL')) {
          this.#values.list(() => {
            this.#values.string()
            this.#values.expect(' ')
            this.#values.nstring()
          })
        }
        break
      default:
        this.#values.fail(`the response ${name}`)
    }
    this.#values.expect('\r\n')
    return null
  }

  #statusText(): string | null {
    this.#values.expect(' ')
    let code: string | null = null
    if (this.#values.accepts('[')) {
      code = this.#values.take(CODE, 'a response code')
      this.#codeArguments()
      this.#values.expect('] ')
    }
    this.#values.take(TEXT, 'a text')
    this.#values.expect('\r\n')
    return code
  }

  /** Anything printable up to the bracket that ends the code, which may stand in parentheses and quotes. */
  #codeArguments(): void {
    if (!this.#values.accepts(' ')) return
    for (let depth = 0; ; ) {
      if (this.#values.sees('"')) this.#values.string()
      else if (this.#values.accepts('(')) depth++
      else if (depth > 0 && this.#values.accepts(')')) depth--
      else if (depth === 0 && this.#values.sees(']')) return
      else if (this.#values.match(/[\x20-\x7e]/y) === undefined)
        this.#values.fail('the end of a response code')
    }
  }

  #listed(): void {
    this.#values.expect(' ')
    this.#values.flags()
    this.#values.expect(' ')
    if (!this.#values.accepts('NIL')) this.#values.take(QUOTED, 'a hierarchy separator')
    this.#values.expect(' ')
    this.#values.astring()
    if (!this.#values.accepts(' ')) return
    this.#values.list(() => {
      this.#values.string()
      this.#values.expect(' ')
      this.#values.list(() => this.#values.string())
    })
  }

  #namespace(): void {
    this.#values.expect('(')
    this.#values.string()
    this.#values.expect(' ')
    if (!this.#values.accepts('NIL')) this.#values.take(QUOTED, 'a hierarchy separator')
    this.#values.expect(')')
  }

  /** RFC 5256 §5: members, then a nested thread or two and more. */
  #thread(): void {
    this.#values.expect('(')
    let members = 0
    do {
      if (this.#values.sees('(')) {
        do this.#thread()
        while (this.#values.sees('('))
        break
      }
      this.#values.take(NZ_NUMBER, 'a number')
      members++
    } while (this.#values.accepts(' '))
    if (members === 0 && !this.#values.sees(')')) this.#values.fail('a member')
    this.#values.expect(')')
  }

  #esearch(): void {
    if (this.#values.accepts(' (TAG ')) {
      this.#values.string()
      this.#values.expect(')')
    }
    this.#values.accepts(' UID')
    while (this.#values.accepts(' ')) {
      const name = this.#values.word()
      this.#values.expect(' ')
      if (name === 'ALL') this.#values.take(SET, 'a set')
      else if (['MIN', 'MAX', 'COUNT', 'MODSEQ'].includes(name))
        this.#values.take(NUMBER, 'a number')
      else this.#values.fail(`${name} in ESEARCH`)
    }
  }

  #statusItem(): void {
    const name = this.#values.word()
    this.#values.expect(' ')
    if (name === 'MAILBOXID') this.#values.take(OBJECT_ID, 'an object id')
    else this.#values.take(NUMBER, 'a number')
  }
}
