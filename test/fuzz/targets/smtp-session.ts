import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { serveSmtp } from '../../../server/smtp/server.ts'
import { MemorySocket, segmentsOf } from '../../helpers/memory-socket.ts'
import type { Random } from '../../helpers/random.ts'
import { MAX_MESSAGE, openEmpty } from '../seeded-store.ts'
import { checkConversation, type Played } from '../smtp-conversation.ts'
import type { Target } from '../target.ts'
import { breakStream, cutsOf, octetsOf, textOf } from '../wire.ts'

const MAX_RECIPIENTS = 5
/** Ends a message that is under way, and the session; an exchange of AUTH takes a line or two first. */
const ENDING = `\r\n.\r\n${'QUIT\r\n'.repeat(4)}`

const faults: unknown[] = []
const { store, server } = await start()

export const target: Target = {
  name: 'smtp-session',

  make(random: Random): Uint8Array {
    return breakStream(random, makeSession(random), WORDS)
  },

  async check(input: Uint8Array): Promise<void> {
    const said = Buffer.concat([input, octetsOf(ENDING)])
    const whole = await play([said])
    checkConversation(textOf(said), MAX_MESSAGE, whole)
    const cut = await play(segmentsOf(said, cutsOf(said)))
    assert.deepEqual(comparable(cut), comparable(whole), 'the segments matter')
  },
}

/** What a client that says this is told, and what is in the store then, which is emptied. */
async function play(segments: Iterable<Uint8Array>): Promise<Played> {
  const socket = new MemorySocket(segments)
  const closed = once(socket, 'close')
  server.accept(socket.socket)
  await closed
  // What a client that was cut off had begun is given up.
  await setImmediate()
  const mails: Played['mails'][number][] = []
  const ids = await store.match({})
  for (const id of ids) {
    const raw = textOf((await store.rawBytes(id)) ?? Buffer.alloc(0))
    mails.push({ raw, rcptTo: (await store.reception(id))?.envelope?.rcptTo ?? [] })
  }
  if (ids.length > 0) await store.remove(ids)
  if (faults.length > 0) throw faults.splice(0)[0]
  return { sent: textOf(socket.sent), mails }
}

async function start() {
  const store = await openEmpty()
  const server = await serveSmtp({
    ...{ store, port: 0, host: null, startTls: false, auth: null, keepsProcessAlive: false },
    ...{ maxMessageSize: MAX_MESSAGE, maxRecipients: MAX_RECIPIENTS },
    secureContext: () => {
      throw new Error('there is no TLS here')
    },
    log: {
      info: () => {},
      warn: event => faults.push(event),
      error: (event, cause) => faults.push(cause ?? event),
    },
  })
  return { store, server }
}

const comparable = ({ sent, mails }: Played): Played => ({
  sent: sent.replace(/queued as \d+/g, 'queued').replace(/^334 .*/gm, '334'),
  mails,
})

function makeSession(random: Random): string {
  const lines: string[] = []
  if (random.chance(0.95)) lines.push(makeCommand(random, random.pick(['EHLO', 'HELO'])))
  for (let count = random.pick([1, 1, 2, 3]); count > 0; count--) {
    if (random.chance(0.75)) lines.push(makeTransaction(random))
    else lines.push(makeCommand(random, random.pick(VERBS)))
  }
  return lines.join('')
}

function makeTransaction(random: Random): string {
  const recipients = Array.from({ length: random.pick([1, 1, 2, 7]) }, () =>
    makeCommand(random, 'RCPT'),
  )
  const between = random.chance(0.2) ? makeCommand(random, random.pick(VERBS)) : ''
  const lines = Array.from({ length: random.integer(8) }, () => random.pick(LINES))
  const data = lines.map(line => line + random.pick(ENDS)).join('')
  return `${makeCommand(random, 'MAIL')}${recipients.join('')}${between}DATA\r\n${data}${random.pick(['\r\n', ''])}.\r\n`
}

function makeCommand(random: Random, verb: string): string {
  const some = (values: readonly string[]) =>
    random.some(values, random.pick([0, 0, 1, 2])).map(value => ` ${value}`)
  switch (verb) {
    case 'EHLO':
    case 'HELO':
      return `${verb} ${random.pick(['client.example', '[127.0.0.1]', 'x'.repeat(301), 'a b', ''])}\r\n`
    case 'MAIL':
      return `MAIL FROM:${random.pick(PATHS)}${some(MAIL_PARAMETERS).join('')}\r\n`
    case 'RCPT':
      return `RCPT TO:${random.pick(PATHS)}${some(RCPT_PARAMETERS).join('')}\r\n`
    case 'AUTH': {
      const answer = () =>
        random.pick(['AGFubgBhbnk=', '=', '*', '', 'YW5u', '!!!', 'A'.repeat(9_000)])
      const initial = random.chance(0.5) ? ` ${answer()}` : ''
      const answers = Array.from({ length: random.integer(3) }, () => `${answer()}\r\n`)
      return `AUTH ${random.pick(['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2', 'NONE', ''])}${initial}\r\n${answers.join('')}`
    }
    default:
      return `${verb}${random.chance(0.3) ? ` ${random.pick(PATHS)}` : ''}\r\n`
  }
}

const VERBS = [
  ...[
    'NOOP',
    'RSET',
    'VRFY',
    'EXPN',
    'HELP',
    'AUTH',
    'EHLO',
    'HELO',
    'MAIL',
    'RCPT',
    'DATA',
    'QUIT',
    'STARTTLS',
    'BDAT',
  ],
  ...['XCLIENT', 'XFORWARD', 'LHLO', 'WIZ', 'SHELL', 'KILL', 'CONSTRUCTOR'],
]
const PATHS = [
  ...[
    '<ann@example.com>',
    '<bob@example.com>',
    '<ANN@example.com>',
    '<>',
    'ann@example.com',
    '<"a b"@example.com>',
  ],
  ...[
    '<@a.example,@b.example:ann@example.com>',
    '<caf\xc3\xa9@example.com>',
    '<\xff@x>',
    '<a',
    '< >',
    '<ann@xn--caf-dma>',
  ],
  ...[
    '<postmaster>',
    `<${'l'.repeat(300)}@example.com>`,
    ' <ann@example.com>',
    '<ann@[127.0.0.1]>',
    '<"\\"@x>',
  ],
]
const MAIL_PARAMETERS = [
  ...[
    'SIZE=100',
    'SIZE=4097',
    'SIZE=x',
    'BODY=8BITMIME',
    'BODY=x',
    'SMTPUTF8',
    'SMTPUTF8=1',
    'RET=HDRS',
    'RET=x',
  ],
  ...['ENVID=a+2Bb', 'AUTH=<>', 'REQUIRETLS', 'X', 'size=1', '__proto__=1', '='],
]
const RCPT_PARAMETERS = [
  'NOTIFY=NEVER',
  'NOTIFY=SUCCESS,FAILURE',
  'NOTIFY=x',
  'ORCPT=rfc822;a+40b',
  'ORCPT=x',
  'X=1',
]
const LINES = [
  ...[
    'Subject: x',
    '',
    '.',
    '..',
    '...',
    '.x',
    'text',
    'MAIL FROM:<evil@example.com>',
    'DATA',
    'QUIT',
    '\0',
    '\xff\xfe',
  ],
  ...['.\r', '.\n', 'z'.repeat(500), 'z'.repeat(2_000), 'z'.repeat(5_000)],
]
const ENDS = ['\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\n\r', '\r\r\n', '']
const WORDS = [
  ...[...VERBS, ...PATHS, ...MAIL_PARAMETERS, ...RCPT_PARAMETERS],
  ...[
    '\r\n.\r\n',
    '\n.\n',
    '\r\n.\n',
    '\n.\r\n',
    '\r.\r',
    '\r\n..\r\n',
    'GET / HTTP/1.1',
    'x'.repeat(12_300),
    'x'.repeat(12_500),
  ],
]
