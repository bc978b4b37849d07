import assert from 'node:assert/strict'
import { Session } from '../../../server/pop3/session.ts'
import { MemorySocket, segmentsOf } from '../../helpers/memory-socket.ts'
import type { Random } from '../../helpers/random.ts'
import { SEED, SeededStore } from '../seeded-store.ts'
import type { Target } from '../target.ts'
import { breakStream, cutsOf, textOf } from '../wire.ts'

let seeded = await SeededStore.open()

export const target: Target = {
  name: 'pop3-session',

  make(random: Random): Uint8Array {
    return breakStream(random, makeSession(random), WORDS)
  },

  async check(input: Uint8Array): Promise<void> {
    const whole = await play([input])
    checkAnswers(textOf(input), whole)
    const cut = await play(segmentsOf(input, cutsOf(input)))
    assert.deepEqual(comparable(cut), comparable(whole), 'the segments matter')
  },
}

type Played = {
  readonly sent: string
  /** The numbers of the messages that are there afterwards. */
  readonly left: readonly number[]
}

async function play(segments: Iterable<Uint8Array>): Promise<Played> {
  const { store, address } = seeded
  const socket = new MemorySocket(segments)
  const faults: unknown[] = []
  const session = new Session(socket.socket, {
    service: {
      store,
      auth: null,
      allowDelete: true,
      startTls: false,
      maxAge: null,
      lockPatience: 0,
    },
    secureContext: () => {
      throw new Error('there is no TLS here')
    },
    implicitTls: false,
    patience: { login: 5_000, idle: 5_000, write: 5_000, failure: 0 },
    log: {
      info: () => {},
      warn: event => faults.push(event),
      error: (event, cause) => faults.push(cause ?? event),
    },
  })
  await session.run()
  const sent = textOf(socket.sent)
  socket.destroy()
  const account = store.mailboxes.open(address)
  const left = [...account.inbox.entries.ascending()].map(({ number }) => number)
  store.mailboxes.close(account)
  seeded = await seeded.next()
  if (faults.length > 0) throw faults[0]
  return { sent, left }
}

const comparable = ({ sent, left }: Played): Played => ({
  sent: sent.replace(/<[0-9a-f]+\.\d+@mailcatch>/, '<>').replace(/^\+ \S+/gm, '+ challenge'),
  left,
})

/** The commands whose `+OK` has lines behind it; of these with a number only where there is none. */
const MAX_LINE = 12_288
const LISTINGS = /^(?:LIST|UIDL) *$/i
const MULTILINE = /^(?:RETR |TOP |CAPA *$|AUTH(?:$| $| {2}))/i

/**
 * Holds the answers against a reading of the commands that knows nothing but RFC 1939: one each, in order, as it is to be;
 * messages octet for octet; and afterwards all is there but what DELE and QUIT took.
 */
function checkAnswers(said: string, { sent, left }: Played): void {
  const answers = new Answers(sent)
  assert.match(answers.line() ?? '', /^\+OK Mailcatch <[^>]+>$/)
  const lines = said
    .split('\n')
    .slice(0, -1)
    .map(line => line.replace(/\r$/, ''))
  const deleted = new Set<number>()
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
    assert.match(answer, /^(?:\+OK|-ERR(?: \[(?:AUTH|IN-USE|SYS\/TEMP)\])?) [\x20-\x7e]+$/, line)
    assert.ok(answer.length <= 510, 'RFC 2449 §4')
    if (!answer.startsWith('+OK')) {
      refusals++
      continue
    }
    const [, keyword = '', argument = ''] = /^([^ ]*) ?(.*)$/s.exec(line) ?? []
    const number = Number(/\d+/.exec(argument)?.[0])
    if (MULTILINE.test(line) || LISTINGS.test(line)) {
      const content = answers.lines()
      if (/^RETR/i.test(line)) assert.equal(content, canonical(number), `RETR ${number}`)
      if (/^TOP/i.test(line)) checkTop(content, number, Number(/\d+ +(\d+)/.exec(argument)?.[1]))
      if (LISTINGS.test(line)) {
        assert.equal(content.split('\r\n').length - 1, SEED.length - deleted.size, line)
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
        assert.match(answer, new RegExp(`^\\+OK ${SEED.length - deleted.size} \\d+$`))
        break
      case 'DELE':
        assert.ok(isLoggedIn && number >= 1 && number <= SEED.length && !deleted.has(number))
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
  const there = SEED.map((_, at) => at + 1).filter(number => !isOver || !deleted.has(number))
  assert.deepEqual(left, there, 'what is left')
}

/** A line that nobody goes on behind. */
const isFinal = (line = ''): boolean =>
  line.length > MAX_LINE - 2 ||
  /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI) |HTTP\/\d/.test(line)

/** RFC 1939 §11: with CRLF at the end of each line, the last one too. */
function canonical(number: number): string {
  const text = textOf(SEED[number - 1] ?? Buffer.alloc(0)).replace(/\r\n|\r|\n/g, '\r\n')
  return text.endsWith('\r\n') ? text : `${text}\r\n`
}

function checkTop(content: string, number: number, lines: number): void {
  const all = canonical(number)
  const empty = all.startsWith('\r\n') ? 0 : all.indexOf('\r\n\r\n') + 2
  // Without an empty line all of it is the header.
  if (empty === 1) {
    assert.equal(content, all)
    return
  }
  const body = all
    .slice(empty + 2)
    .split('\r\n')
    .slice(0, -1)
  const top = body.slice(0, lines).map(line => `${line}\r\n`)
  assert.equal(content, all.slice(0, empty + 2) + top.join(''), `TOP ${number} ${lines}`)
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

function makeSession(random: Random): string {
  const lines: string[] = []
  if (random.chance(0.9))
    lines.push(random.chance(0.85) ? 'USER ann\r\nPASS any' : makeCommand(random, 'AUTH'))
  for (let count = random.between(1, 8); count > 0; count--)
    lines.push(makeCommand(random, random.pick(KEYWORDS)))
  if (random.chance(0.5)) lines.push('QUIT')
  return lines.map(line => `${line}\r\n`).join('')
}

function makeCommand(random: Random, keyword: string): string {
  const number = () => (random.chance(0.8) ? `${random.between(1, 5)}` : random.pick(NUMBERS))
  const name = () =>
    random.pick([
      'ann',
      'any',
      'bob@example.com',
      'a b',
      '',
      'caf\xc3\xa9',
      '\xff',
      'n'.repeat(300),
    ])
  const answer = () =>
    random.pick(['AGFubgBhbnk=', '=', '*', '', 'AA==', 'YW5u', '!!!', 'A'.repeat(9_000)])
  switch (keyword) {
    case 'LIST':
    case 'UIDL':
      return random.chance(0.5) ? keyword : `${keyword} ${number()}`
    case 'RETR':
    case 'DELE':
      return `${keyword} ${number()}`
    case 'TOP':
      return `TOP ${number()} ${random.pick(['0', '1', '2', '3', '100', '4294967296'])}`
    case 'USER':
    case 'PASS':
      return `${keyword} ${name()}`
    case 'APOP':
      return `APOP ${name()} ${random.pick(['0'.repeat(32), 'c4c9334bac560ecc979e58001b3e22fb', 'x'])}`
    case 'AUTH': {
      const mechanism = random.pick([
        'PLAIN',
        'LOGIN',
        'CRAM-MD5',
        'XOAUTH2',
        'OAUTHBEARER',
        'NONE',
        '',
      ])
      const initial = random.chance(0.5) ? ` ${answer()}` : ''
      const answers = Array.from({ length: random.integer(3) }, () => `\r\n${answer()}`)
      return `AUTH ${mechanism}${initial}${answers.join('')}`
    }
    default:
      return keyword
  }
}

const KEYWORDS = [
  ...[
    'STAT',
    'LIST',
    'RETR',
    'RETR',
    'DELE',
    'DELE',
    'NOOP',
    'RSET',
    'TOP',
    'TOP',
    'UIDL',
    'USER',
    'PASS',
    'APOP',
  ],
  ...['CAPA', 'STLS', 'AUTH', 'UTF8', 'LANG', 'QUIT'],
]
const NUMBERS = [
  '0',
  '6',
  '00',
  '01',
  '-1',
  '1 1',
  '4294967295',
  '4294967297',
  '99999999999',
  '9'.repeat(300),
  '',
]
const WORDS = [
  ...KEYWORDS,
  ...NUMBERS,
  '.',
  '..',
  '+OK',
  '-ERR',
  '*',
  '=',
  'GET / HTTP/1.1',
  'x'.repeat(12_300),
]
