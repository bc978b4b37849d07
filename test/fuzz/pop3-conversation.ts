import assert from 'node:assert/strict'

/** A session, as it went. */
export type Played = {
  /** What the server sent. */
  readonly sent: string
  /** The numbers of the messages that are there afterwards. */
  readonly left: readonly number[]
}

/** Octets of a line, with its end. */
const MAX_LINE = 12_288
/** The commands whose `+OK` has lines behind it where they have no number, and wherever. */
const LISTINGS = /^(?:LIST|UIDL) *$/i
const MULTILINE = /^(?:RETR |TOP |CAPA *$|AUTH(?:$| $| {2}))/i

/**
 * Holds the answers against a reading of the commands that knows nothing but RFC 1939: one each, in order, as it is to be;
 * messages octet for octet; and afterwards all is there but what DELE and QUIT took.
 */
export function checkConversation(
  said: string,
  messages: readonly string[],
  { sent, left }: Played,
): void {
  const canonical = messages.map(canonicalOf)
  const sizeOf = (number: number) => canonical[number - 1]?.length ?? 0
  const answers = new Answers(sent)
  assert.match(answers.line() ?? '', /^\+OK Mailcatch <[^>]+>$/)
  const lines = said
    .split('\n')
    .slice(0, -1)
    .map(line => line.replace(/\r$/, ''))
  const deleted = new Set<number>()
  const there = () => [...messages.keys()].map(at => at + 1).filter(each => !deleted.has(each))
  let isLoggedIn = false
  let isOver = false
  let refusals = 0
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (answers.isAtEnd) {
      // Refusals, one after the other or of a kind, end the session.
      assert.ok(isOver || refusals > 2 || isFinal(lines[at - 1]), `no answer to ${line}`)
      break
    }
    let answer = answers.line() ?? ''
    while (answer.startsWith('+ ')) {
      assert.match(answer, /^\+ [A-Za-z0-9+/=]*$/)
      at++
      // The client ended within the exchange.
      if (at >= lines.length && answers.isAtEnd) break
      answer = answers.line() ?? ''
    }
    if (answer.startsWith('+ ')) break
    assert.match(
      answer,
      /^(?:\+OK|-ERR(?: \[(?:AUTH|IN-USE|SYS\/TEMP)\])?) (?!\[)[\x20-\x7e]+$/,
      line,
    )
    assert.ok(answer.length <= 510, 'RFC 2449 §4')
    if (!answer.startsWith('+OK')) {
      refusals++
      continue
    }
    const [, keyword = '', argument = ''] = /^([^ ]*) ?(.*)$/s.exec(line) ?? []
    const number = Number(/\d+/.exec(argument)?.[0])
    if (MULTILINE.test(line) || LISTINGS.test(line)) {
      const content = answers.lines()
      if (/^RETR/i.test(line)) assert.equal(content, canonical[number - 1], line)
      if (/^TOP/i.test(line)) {
        const lines = Number(/\d+ +(\d+)/.exec(argument)?.[1])
        assert.equal(content, topOf(canonical[number - 1] ?? '', lines), line)
      }
      if (LISTINGS.test(line)) {
        assert.equal(content.split('\r\n').length - 1, there().length, line)
        if (/^LIST/i.test(line)) {
          assert.equal(
            content,
            there()
              .map(each => `${each} ${sizeOf(each)}\r\n`)
              .join(''),
          )
        }
      }
    }
    switch (keyword.toUpperCase()) {
      case 'PASS':
      case 'APOP':
        isLoggedIn = true
        break
      case 'AUTH':
        isLoggedIn ||= !MULTILINE.test(line)
        break
      case 'STAT':
        assert.equal(
          answer,
          `+OK ${there().length} ${there()
            .map(sizeOf)
            .reduce((sum, size) => sum + size, 0)}`,
        )
        break
      case 'DELE':
        assert.ok(isLoggedIn && number >= 1 && number <= messages.length && !deleted.has(number))
        deleted.add(number)
        break
      case 'RSET':
        deleted.clear()
        break
      case 'QUIT':
        isOver = true
        assert.ok(answers.isAtEnd, 'nothing comes behind QUIT')
    }
  }
  // A line that is too long is answered before it ends.
  const rest = said.slice(said.lastIndexOf('\n') + 1)
  if (rest.length >= MAX_LINE && !answers.isAtEnd) assert.match(answers.line() ?? '', /^-ERR /)
  assert.ok(answers.isAtEnd, 'an answer to nothing')
  if (!isOver) deleted.clear()
  assert.deepEqual(left, there(), 'what is left')
}

/** A line that nobody goes on behind. */
const isFinal = (line = ''): boolean =>
  line.length > MAX_LINE - 2 ||
  /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI) |HTTP\/\d/.test(line)

/** RFC 1939 §11: with CRLF at the end of each line, the last one too. */
function canonicalOf(message: string): string {
  const text = message.replace(/\r\n|\r|\n/g, '\r\n')
  return text.endsWith('\r\n') ? text : `${text}\r\n`
}

/** RFC 1939 §7: the header, the empty line, and so many lines; without an empty line all of it is the header. */
function topOf(message: string, lines: number): string {
  const empty = message.startsWith('\r\n') ? 0 : message.indexOf('\r\n\r\n') + 2
  if (empty === 1) return message
  const body = message
    .slice(empty + 2)
    .split('\r\n')
    .slice(0, -1)
  const top = body.slice(0, lines).map(line => `${line}\r\n`)
  return message.slice(0, empty + 2) + top.join('')
}

class Answers {
  readonly #sent: string
  #at = 0

  constructor(sent: string) {
    this.#sent = sent
  }

  get isAtEnd(): boolean {
    return this.#at === this.#sent.length
  }

  line(): string | null {
    if (this.isAtEnd) return null
    const end = this.#sent.indexOf('\r\n', this.#at)
    if (end < 0) assert.fail(`half an answer: ${JSON.stringify(this.#sent.slice(this.#at))}`)
    const line = this.#sent.slice(this.#at, end)
    this.#at = end + 2
    return line
  }

  /** Up to the dot, those of the lines taken out. */
  lines(): string {
    let content = ''
    for (let line = this.line(); line !== '.'; line = this.line()) {
      assert.ok(line !== null, 'a multi-line answer that does not end')
      content += `${line.startsWith('.') ? line.slice(1) : line}\r\n`
    }
    return content
  }
}
