import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { MessageList } from '../../../server/http/resources.ts'
import { connect, type MailcatchClient } from '../../../server/testing/index.ts'
import type { Random } from '../../helpers/random.ts'
import { getText, roundTrip } from '../../helpers/round-trip.ts'
import { dataOf, Sender } from '../../helpers/sender.ts'
import { Wire } from '../../helpers/wire.ts'
import { ImapClient } from '../imap-client.ts'
import { mailOf } from '../mails.ts'

/** What all of them share. */
export type Stage = {
  readonly url: string
  readonly ports: { readonly smtp: number; readonly pop3: number; readonly imap: number }
  readonly random: Random
  /** Told when the time is over; who waits then need not be quiet about it. */
  readonly signal: AbortSignal
  /** Counts what was done, by name. */
  count(what: string): void
}

/** Somebody who does the same again and again: one round of it. */
type Actor = (stage: Stage) => Promise<void>

let serial = 0

/** An app: a connection for some mails, then a new one. */
const send: Actor = async ({ ports, random, signal, count }) => {
  const sender = await Sender.open(ports.smtp)
  for (let left = random.between(1, 50); left > 0 && !signal.aborted; left--) {
    serial += 1
    await sender.send(
      dataOf(mailOf('mixed', serial)),
      'shop@example.com',
      `c${serial % 50}@example.org`,
    )
    count('mails')
    await setTimeout(80)
  }
  sender.close()
}

/** A mail client: opens the inbox, hears of arrivals, looks at the newest, and goes, politely or not. */
const idle: Actor = async ({ ports, random, signal, count }) => {
  const client = await ImapClient.open(ports.imap, 'ann')
  await client.ask('SELECT INBOX')
  await client.ask('UID FETCH * (FLAGS ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER])')
  const wanted = random.between(5, 60)
  let heard = 0
  const enough = new AbortController()
  const over = () => enough.abort()
  const ended = once(enough.signal, 'abort')
  signal.addEventListener('abort', over, { once: true })
  if (signal.aborted) over()
  await client.idle(() => {
    count('EXISTS heard')
    heard += 1
    if (heard === wanted) over()
  })
  await ended
  signal.removeEventListener('abort', over)
  client.close()
  count('IDLE clients')
}

/** A fetching mail client: takes one message, and deletes it. */
const fetchOne: Actor = async ({ ports, count }) => {
  const wire = await Wire.open(ports.pop3)
  await wire.line()
  const said: string[] = []
  for (const command of ['USER c7@example.org', 'PASS any', 'STAT', 'DELE 1', 'QUIT']) {
    wire.write(`${command}\r\n`)
    said.push((await wire.line()) ?? 'closed')
  }
  wire.destroy()
  // Another may be there, and the maildrop empty.
  assert.match(said.join('\n'), /^\+OK[^\n]*\n(?:\+OK|-ERR \[IN-USE\])/)
  count('POP3 sessions')
  await setTimeout(1_000)
}

/** An open inbox: hears of everything for a while. */
const watch: Actor = async ({ url, random, signal, count }) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}v1/events`)
  socket.on('message', () => count('events heard'))
  await once(socket, 'open')
  await setTimeout(random.between(1_000, 20_000), null, { signal }).catch(() => {}) // the time is over
  if (random.chance(0.5)) socket.close()
  else socket.terminate()
  await once(socket, 'close')
  count('WebSockets')
}

let client: Promise<MailcatchClient> | undefined

/** A test: an inbox of its own, a mail to it, what is in that mail, and that there is no other. */
const test: Actor = async ({ url, ports, count }) => {
  client ??= connect(url)
  await using inbox = await (await client).inbox('soak')
  const sender = await Sender.open(ports.smtp)
  const mail = `Subject: Sign up\r\n\r\nYour code is 482913, or open https://app.example/verify?t=1\r\n`
  const waiting = inbox.waitFor({ subject: 'Sign up' })
  await sender.send(dataOf(Buffer.from(mail)), 'app@example.com', inbox.address())
  sender.close()
  assert.equal((await waiting).code(), '482913')
  await inbox.none({ subject: 'Reset' })
  count('tests')
  await setTimeout(200)
}

/** One who waits for what never comes, and is told so, or leaves before. */
const waitInVain: Actor = async ({ url, random, signal, count }) => {
  const patience = random.between(100, 3_000)
  const answer = await fetch(`${url}v1/wait?subject=never&timeout=${patience}ms`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(random.between(500, 4_000))]),
  }).catch(() => null) // it has left
  if (answer) {
    assert.equal(answer.status, 404)
    await answer.arrayBuffer()
  }
  count('waits in vain')
}

/** A person: lists, searches, reads one, has it checked now and then, deletes some. */
const browse: Actor = async stage => {
  const { url, random, count } = stage
  const query = random.pick(['', '&q=order', '&q=has:attachment', '&from=shop@example.com'])
  const list = JSON.parse(await getText(stage, `v1/messages?limit=50${query}`)) as MessageList
  const one = list.messages.at(-1)
  if (one) {
    for (const way of ['', '/html', '/text', ...(random.chance(0.05) ? ['/checks'] : [])]) {
      // Retention may have taken it meanwhile.
      const { status } = await fetch(`${url}v1/messages/${one.id}${way}`)
      assert.ok(status === 200 || status === 404, `${status}`)
    }
    const ids = list.messages.slice(0, random.between(1, 10)).map(({ id }) => id)
    const { status } = await fetch(`${url}v1/messages?ids=${ids.join()}`, { method: 'DELETE' })
    assert.equal(status, 200)
    count('deletions')
  }
  count('lists')
  await setTimeout(500)
}

/** Everything once, so that what is opened at its first use, files and workers, is open. */
export const warmUp = async (stage: Stage): Promise<void> => {
  await roundTrip(stage)
  const list = JSON.parse(await getText(stage, 'v1/messages?limit=1')) as MessageList
  for (const way of ['', '/html', '/checks', '/links']) {
    await fetch(`${stage.url}v1/messages/${list.messages[0]?.id}${way}`)
  }
  await getText(stage, 'v1/messages?q=body:nothing')
  await test({ ...stage, count: () => {} })
}

/** Who is there, and how many of them. */
export const cast: readonly (readonly [actor: Actor, many: number])[] = [
  [send, 4],
  [idle, 5],
  [fetchOne, 1],
  [watch, 20],
  [test, 2],
  [waitInVain, 5],
  [browse, 2],
]
