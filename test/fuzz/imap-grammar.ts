import type { Random } from '../helpers/random.ts'
import {
  CAPABILITIES,
  CHARSETS,
  DATE_TIMES,
  DATES,
  FETCH_ITEMS,
  FLAGS,
  MAILBOXES,
  MESSAGES,
  NAMES,
  SEARCH_KEYS,
  SORT_KEYS,
  SPECIAL_USE,
  STATUS_ITEMS,
  TEXTS,
} from './imap-words.ts'

/**
 * Makes IMAP commands as clients may send them (RFC 9051 §9 and the extensions that are announced), each rule of the
 * grammar a method. One character is one octet.
 */
export class ImapGrammar {
  readonly #random: Random
  #commands = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** What a client sends in a whole session: mostly a login and a mailbox first, so that the rest has an effect. */
  session(): string {
    const random = this.#random
    const lines: string[] = []
    if (random.chance(0.95))
      lines.push(random.chance(0.9) ? 'a LOGIN ann any\r\n' : this.command('AUTHENTICATE'))
    if (random.chance(0.2)) lines.push(this.command('ENABLE'))
    if (random.chance(0.85))
      lines.push(`b SELECT ${random.chance(0.8) ? 'INBOX' : this.#mailbox()}\r\n`)
    for (let count = random.pick([1, 1, 2, 2, 3, 5, 8]); count > 0; count--)
      lines.push(this.command())
    if (random.chance(0.3)) lines.push('z LOGOUT\r\n')
    return lines.join('')
  }

  command(name: string = this.#random.pick(NAMES)): string {
    return `${this.#tag()} ${this.#cased(name)}${this.#arguments(name)}\r\n`
  }

  #arguments(name: string): string {
    const random = this.#random
    const [verb, isUid] = name.startsWith('UID ') ? [name.slice(4), true] : [name, false]
    switch (verb) {
      case 'ID':
        return random.chance(0.3)
          ? ' NIL'
          : ` (${this.#many(0, 3, () => `${this.#string()} ${random.chance(0.2) ? 'NIL' : this.#string()}`)})`
      case 'LOGIN':
        return ` ${this.#astring()} ${this.#astring()}`
      case 'AUTHENTICATE':
        return this.#authenticate()
      case 'ENABLE':
        return ` ${this.#many(1, 3, () => random.pick(CAPABILITIES))}`
      case 'SELECT':
      case 'EXAMINE':
        return ` ${this.#mailbox()}${random.chance(0.4) ? ` (${this.#many(1, 2, () => this.#selectParameter())})` : ''}`
      case 'CREATE':
        return ` ${this.#mailbox()}${random.chance(0.3) ? ` (USE (${this.#many(0, 2, () => random.pick(SPECIAL_USE))}))` : ''}`
      case 'DELETE':
      case 'SUBSCRIBE':
      case 'UNSUBSCRIBE':
        return ` ${this.#mailbox()}`
      case 'RENAME':
        return ` ${this.#mailbox()} ${this.#mailbox()}`
      case 'LIST':
        return this.#list()
      case 'LSUB':
        return ` ${this.#mailbox()} ${this.#pattern()}`
      case 'STATUS':
        return ` ${this.#mailbox()} ${this.#statusItems()}`
      case 'APPEND':
        return ` ${this.#mailbox()}${this.#many(1, 2, () => this.#appendMessage(), '')}`
      case 'IDLE':
        return random.chance(0.9) ? '\r\nDONE' : ''
      case 'COMPRESS':
        return random.pick([' DEFLATE', ' GZIP'])
      case 'EXPUNGE':
        return isUid ? ` ${this.#set()}` : ''
      case 'SEARCH':
        return this.#search()
      case 'SORT':
        return ` (${this.#many(1, 3, () => (random.chance(0.3) ? 'REVERSE ' : '') + random.pick(SORT_KEYS))}) ${random.pick(CHARSETS)} ${this.#keys()}`
      case 'THREAD':
        return ` ${random.pick(['ORDEREDSUBJECT', 'REFERENCES', 'REFS'])} ${random.pick(CHARSETS)} ${this.#keys()}`
      case 'FETCH':
        return ` ${this.#set()} ${this.#fetchItems()}${this.#modifiers()}`
      case 'STORE':
        return ` ${this.#set()}${random.chance(0.2) ? ` (UNCHANGEDSINCE ${this.#number()})` : ''} ${random.pick(['+', '-', ''])}FLAGS${random.chance(0.3) ? '.SILENT' : ''} ${random.chance(0.7) ? `(${this.#flags()})` : this.#flag()}`
      case 'COPY':
      case 'MOVE':
        return ` ${this.#set()} ${this.#mailbox()}`
      default:
        return ''
    }
  }

  #tag(): string {
    this.#commands++
    return this.#random.chance(0.9)
      ? `t${this.#commands}`
      : this.#random.pick(['*', '+', 'a+b', '.', ']', 'x'.repeat(1_000), 'x'.repeat(1_001), '{1}'])
  }

  /** Words are the same in any case. */
  #cased(word: string): string {
    const random = this.#random
    if (random.chance(0.8)) return word
    return word.replace(/[A-Z]/g, letter => (random.chance(0.5) ? letter.toLowerCase() : letter))
  }

  #many(from: number, to: number, make: () => string, between = ' '): string {
    return Array.from({ length: this.#random.between(from, to) }, make).join(between)
  }

  #number(): string {
    const random = this.#random
    return random.chance(0.7)
      ? `${random.between(1, 12)}`
      : random.pick(['0', '4294967295', '4294967296', '007', '9223372036854775807', '100000'])
  }

  #text(): string {
    return this.#random.pick(TEXTS)
  }

  #string(text = this.#text()): string {
    const random = this.#random
    if (random.chance(0.6) && !/[\0\r\n]/.test(text)) return `"${text.replace(/["\\]/g, '\\$&')}"`
    return `${random.chance(0.1) ? '~' : ''}{${text.length}${random.chance(0.6) ? '+' : ''}}\r\n${text}`
  }

  #astring(text = this.#text()): string {
    return /^[\w.@/-]+$/.test(text) && this.#random.chance(0.6) ? text : this.#string(text)
  }

  #mailbox(): string {
    return this.#astring(this.#random.pick(MAILBOXES))
  }

  #pattern(): string {
    const random = this.#random
    const pattern = random.pick([
      '*',
      '%',
      '',
      'INBOX',
      'inb*',
      '%/%',
      '*a*',
      'Tra%',
      '&AOk-*',
      '%'.repeat(40),
      '*a'.repeat(30),
      `${'*%a'.repeat(200)}b`,
    ])
    return random.chance(0.6) && pattern !== '' ? pattern : this.#string(pattern)
  }

  #authenticate(): string {
    const random = this.#random
    const answer = random.pick([
      'AGFubgBhbnk=',
      '=',
      '*',
      '',
      'AA==',
      'bm9ib2R5',
      '!!!',
      'YW5uIDAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVm',
    ])
    const mechanism = random.pick([
      'PLAIN',
      'LOGIN',
      'CRAM-MD5',
      'XOAUTH2',
      'SCRAM-SHA-256',
      'OAUTHBEARER',
      'NONE',
    ])
    const initial = random.chance(0.5) ? ` ${answer}` : ''
    return ` ${mechanism}${initial}${this.#many(0, 2, () => `\r\n${answer}`, '')}`
  }

  #selectParameter(): string {
    const random = this.#random
    if (random.chance(0.4)) return 'CONDSTORE'
    const known = random.chance(0.5) ? ` ${this.#set()}` : ''
    const matches = random.chance(0.4) ? ` (${this.#set()} ${this.#set()})` : ''
    return `QRESYNC (${this.#number()} ${this.#number()}${known}${matches})`
  }

  #list(): string {
    const random = this.#random
    const select = random.chance(0.3)
      ? ` (${this.#many(0, 3, () => random.pick(['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE']))})`
      : ''
    const patterns = random.chance(0.7)
      ? this.#pattern()
      : `(${this.#many(1, 3, () => this.#pattern())})`
    const returns = random.chance(0.4)
      ? ` RETURN (${this.#many(0, 3, () => random.pick(['SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE', `STATUS ${this.#statusItems()}`]))})`
      : ''
    return `${select} ${random.chance(0.7) ? '""' : this.#mailbox()} ${patterns}${returns}`
  }

  #statusItems(): string {
    return `(${this.#many(1, 4, () => this.#random.pick(STATUS_ITEMS))})`
  }

  #appendMessage(): string {
    const random = this.#random
    const flags = random.chance(0.4) ? ` (${this.#flags()})` : ''
    const date = random.chance(0.3) ? ` ${random.pick(DATE_TIMES)}` : ''
    const message = random.pick(MESSAGES)
    const plus = random.chance(0.6) ? '+' : ''
    if (random.chance(0.15))
      return `${flags}${date} UTF8 (~{${message.length}${plus}}\r\n${message})`
    return `${flags}${date} ${random.chance(0.1) ? '~' : ''}{${message.length}${plus}}\r\n${message}`
  }

  #flag(): string {
    return this.#random.pick(FLAGS)
  }

  #flags(): string {
    return this.#many(0, 4, () => this.#flag())
  }

  #set(): string {
    const random = this.#random
    if (random.chance(0.05)) return '$'
    const number = () => (random.chance(0.15) ? '*' : this.#number())
    return this.#many(
      1,
      random.pick([1, 1, 3, 12]),
      () => (random.chance(0.4) ? `${number()}:${number()}` : number()),
      ',',
    )
  }

  #modifiers(): string {
    const random = this.#random
    if (random.chance(0.85)) return ''
    return ` (CHANGEDSINCE ${this.#number()}${random.chance(0.4) ? ' VANISHED' : ''})`
  }

  #fetchItems(): string {
    const random = this.#random
    if (random.chance(0.15)) return random.pick(['ALL', 'FULL', 'FAST'])
    return random.chance(0.4) ? this.#fetchItem() : `(${this.#many(1, 5, () => this.#fetchItem())})`
  }

  #fetchItem(): string {
    const random = this.#random
    if (random.chance(0.5)) return this.#cased(random.pick(FETCH_ITEMS))
    const part = () => this.#many(1, 3, () => this.#number(), '.')
    const partial = random.chance(0.3) ? `<${this.#number()}.${this.#number()}>` : ''
    const peek = random.chance(0.5) ? '.PEEK' : ''
    if (random.chance(0.3)) {
      const section = random.chance(0.3) ? '' : part()
      return random.chance(0.3) ? `BINARY.SIZE[${section}]` : `BINARY${peek}[${section}]${partial}`
    }
    const text = random.pick(['', 'HEADER', 'TEXT', 'MIME', 'HEADER.FIELDS', 'HEADER.FIELDS.NOT'])
    const names = text.includes('FIELDS')
      ? ` (${this.#many(1, 3, () => this.#astring(random.pick(['Subject', 'from', 'X-A', '', 'a b', ']', '"'])))})`
      : ''
    const prefix = random.chance(0.4) ? part() + (text === '' ? '' : '.') : ''
    return `BODY${peek}[${prefix}${text}${names}]${partial}`
  }

  #search(): string {
    const random = this.#random
    const returns = random.chance(0.3)
      ? ` RETURN (${this.#many(0, 3, () => random.pick(['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE']))})`
      : ''
    const charset = random.chance(0.15) ? ` CHARSET ${random.pick(CHARSETS)}` : ''
    return `${returns}${charset} ${this.#keys()}`
  }

  #keys(depth = 0): string {
    return this.#many(1, depth > 2 ? 1 : 3, () => this.#key(depth))
  }

  #key(depth: number): string {
    const random = this.#random
    if (depth < 4 && random.chance(0.25)) {
      const inner = () => this.#key(depth + 1)
      return random.pick([
        () => `NOT ${inner()}`,
        () => `OR ${inner()} ${inner()}`,
        () => `(${this.#keys(depth + 1)})`,
      ])()
    }
    if (random.chance(0.02)) return `${'('.repeat(30)}ALL${')'.repeat(30)}`
    const key = random.pick(SEARCH_KEYS)
    return this.#cased(key).replace(/<(\w+)>/g, (_, rule: string) => {
      switch (rule.toLowerCase()) {
        case 'text':
          return this.#astring()
        case 'date':
          return random.pick(DATES)
        case 'number':
          return this.#number()
        case 'set':
          return this.#set()
        default:
          return random.pick(['$Label', 'other', '\\Seen', 'x'.repeat(101)])
      }
    })
  }
}
