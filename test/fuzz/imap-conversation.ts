import assert from 'node:assert/strict'
import type { ImapResponse } from '../helpers/imap-responses.ts'

/** Commands during which no message may go (RFC 9051 §7.5.1). */
const HOLDING = /^(?:FETCH|STORE|SEARCH|SORT|THREAD)\b/i
/** RFC 9051 §9, tag. */
const TAG = /^[!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]{1,1000}(?= |$)/
/** RFC 7888 §3, at the end of a line. */
const LITERAL = /\{(\d+)(\+?)\}$/

/**
 * Holds what a server said against what its client said, as a reader of the client's octets that knows nothing but the
 * form of lines and literals: each command has exactly one answer, with its tag, in order; nothing is said behind a BYE
 * but the answer to LOGOUT; and the numbers of messages fit the picture that a client has of its mailbox.
 */
export function checkConversation(said: string, responses: readonly ImapResponse[]): void {
  new Conversation(said, responses).check()
}

class Conversation {
  readonly #said: string
  readonly #responses: readonly ImapResponse[]
  #at = 0
  #next = 0
  /** Messages in the mailbox that is open; null where none is known to be. */
  #count: number | null = null
  /** What the client has said of the command that is run, without its tag. */
  #command = ''
  #isOver = false

  constructor(said: string, responses: readonly ImapResponse[]) {
    this.#said = said
    this.#responses = responses
  }

  check(): void {
    const [greeting] = this.#responses
    assert.ok(greeting?.kind === 'untagged' && greeting.name === 'OK', 'there is a greeting')
    this.#next = 1
    while (!this.#isOver && this.#at < this.#said.length && this.#checkCommand());
    // The last of too many bad commands.
    const last = this.#responses[this.#next]
    if (last && isBye(last)) this.#next++
    assert.equal(this.#responses[this.#next], undefined, 'an answer to nothing')
  }

  /** False where the client ended within it, or the server the session. */
  #checkCommand(): boolean {
    const line = this.#line()
    if (line === null) return false
    const tag = TAG.exec(line)?.[0] ?? '*'
    this.#command = line.slice(tag.length + 1)
    let rest: string | null = line
    for (;;) {
      const [, size, plus] = (rest && LITERAL.exec(rest)) || []
      if (size === undefined) break
      // The server asks for a literal, or has done with the command; one that it need not ask for it passes over.
      if (plus === '') {
        if (!this.#isAskedFor(tag)) return !this.#isOver
      } else if (this.#isRefusedAtOnce(Number(size))) {
        this.#hear(tag)
        return false
      }
      this.#at += Number(size)
      if (this.#at > this.#said.length) return this.#end(tag)
      rest = this.#line()
      if (rest === null) return this.#end(tag)
    }
    for (;;) {
      const heard = this.#hear(tag)
      if (heard === 'answer') return !this.#isOver
      if (heard === 'nothing') assert.fail(`no answer to ${JSON.stringify(line)}`)
      // IDLE, and challenges.
      if (this.#line() === null) return this.#end(tag)
    }
  }

  /** A literal past every limit, with a BYE: nobody reads it to its end. */
  #isRefusedAtOnce(size: number): boolean {
    return size > this.#said.length - this.#at && this.#responses.slice(this.#next).some(isBye)
  }

  #isAskedFor(tag: string): boolean {
    const heard = this.#hear(tag)
    assert.notEqual(heard, 'nothing', 'a literal is asked for, or refused')
    return heard === 'continue'
  }

  /** The client has said all: there may be no answer any more. */
  #end(tag: string): false {
    while (this.#hear(tag) !== 'nothing' && !this.#isOver);
    return false
  }

  /** Goes on to what the client waits for. */
  #hear(tag: string): 'continue' | 'answer' | 'nothing' {
    for (;;) {
      const response = this.#responses[this.#next]
      if (!response) return 'nothing'
      this.#next++
      if (response.kind === 'continue') return 'continue'
      if (response.kind === 'tagged') {
        assert.equal(response.tag, tag, `the answer to ${JSON.stringify(this.#command)}`)
        this.#answered(response.condition)
        return 'answer'
      }
      if (isBye(response)) {
        this.#isOver = true
        const last = this.#responses[this.#next]
        if (last?.kind === 'tagged') {
          assert.equal(last.tag, tag)
          this.#next++
        }
        return 'answer'
      }
      if (tag === '*' && (response.name === 'BAD' || response.name === 'NO')) return 'answer'
      this.#apply(response)
    }
  }

  #answered(condition: string): void {
    if (condition !== 'OK') return
    if (/^(?:CLOSE|UNSELECT) *$/i.test(this.#command)) this.#count = null
    // What comes now is packed.
    if (/^COMPRESS /i.test(this.#command)) this.#isOver = true
  }

  /** RFC 9051 §7.4, §7.5. */
  #apply({ name, number, code, rest }: ImapResponse & { readonly kind: 'untagged' }): void {
    const count = this.#count ?? 0
    switch (name) {
      case 'OK':
        if (code === 'CLOSED') this.#count = null
        break
      case 'EXISTS':
        assert.ok(number >= count, `${number} EXISTS, but there are ${count}`)
        this.#count = number
        break
      case 'EXPUNGE':
        assert.doesNotMatch(this.#command, HOLDING, 'EXPUNGE while numbers are used')
        assert.ok(number >= 1 && number <= count, `${number} EXPUNGE of ${count}`)
        this.#count = count - 1
        break
      case 'RECENT':
      case 'FETCH':
        assert.ok(number <= count, `${number} ${name} of ${count}`)
        break
      case 'VANISHED':
        if (rest.startsWith(' (EARLIER)')) break
        assert.doesNotMatch(this.#command, HOLDING, 'VANISHED while numbers are used')
        this.#count = count - sizeOf(rest.trim())
        assert.ok(this.#count >= 0, `VANISHED${rest} of ${count}`)
        break
      case 'SEARCH':
      case 'SORT':
        if (/^UID/i.test(this.#command)) break
        for (const each of rest.replace(/\(.*/, '').match(/\d+/g) ?? []) {
          assert.ok(Number(each) <= count, `${name} found ${each} of ${count}`)
        }
    }
  }

  /** The next line of the client; null where there is none that has ended. LF alone ends one, too. */
  #line(): string | null {
    const end = this.#said.indexOf('\n', this.#at)
    if (end === -1) {
      this.#at = this.#said.length
      return null
    }
    const line = this.#said.slice(this.#at, end)
    this.#at = end + 1
    return line.endsWith('\r') ? line.slice(0, -1) : line
  }
}

const isBye = (response: ImapResponse): boolean =>
  response.kind === 'untagged' && response.name === 'BYE'

function sizeOf(set: string): number {
  let size = 0
  for (const range of set.split(',')) {
    const [first = 0, last = first] = range.split(':').map(Number)
    size += last - first + 1
  }
  return size
}
