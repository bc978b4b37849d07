import assert from 'node:assert/strict'
import { Session } from '../../../server/pop3/session.ts'
import { MemorySocket, segmentsOf } from '../../helpers/memory-socket.ts'
import type { Random } from '../../helpers/random.ts'
import { checkConversation, type Played } from '../pop3-conversation.ts'
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
    checkConversation(textOf(input), SEED.map(textOf), whole)
    const cut = await play(segmentsOf(input, cutsOf(input)))
    assert.deepEqual(comparable(cut), comparable(whole), 'the segments matter')
  },
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
