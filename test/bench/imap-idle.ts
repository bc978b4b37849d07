import { setTimeout } from 'node:timers/promises'
import type { MailServer } from '../helpers/mail-server.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { filledMail } from './fill.ts'
import { ImapClient } from './imap-client.ts'
import { percentile } from './latency.ts'
import type { Running } from './processes.ts'

const arrivals = 200
/** Each takes Dovecot half a second. */
const theirArrivals = 20
const idlers = 200
const crowdArrivals = 25

/** Idles with so many clients while messages arrive. Resolves with how many ms each client had to wait, per arrival. */
async function wakeUps(
  clients: readonly ImapClient[],
  times: number,
  arrive: (serial: number) => Promise<unknown>,
): Promise<number[][]> {
  const waits: number[][] = []
  let heard: number[] = []
  let allHeard = () => {}
  for (const client of clients) {
    await client.idle(() => {
      heard.push(performance.now())
      if (heard.length === clients.length) allHeard()
    })
  }
  for (let serial = 0; serial < times; serial++) {
    heard = []
    const done = new Promise<void>(resolve => {
      allHeard = resolve
    })
    await arrive(serial)
    const arrived = performance.now()
    await done
    // One may hear of it before the sender does.
    waits.push(heard.map(at => Math.max(0, at - arrived)))
    // An app's mails are further apart than a burst is gathered for.
    await setTimeout(25)
  }
  return waits
}

const opened = async (port: number, user: string): Promise<ImapClient> => {
  const client = await ImapClient.open(port, user)
  await client.ask('SELECT INBOX')
  return client
}

const p = (values: readonly number[], part: number): string =>
  percentile([...values], part).toFixed(1)

/** How soon clients in IDLE hear of a message that SMTP has acknowledged, or that was put into Dovecot's folder. */
export async function* imapIdle(
  dovecot: MailServer,
  mailcatch: Running,
  user: string,
): AsyncGenerator<string[]> {
  const theirs = await opened(dovecot.ports.imap, user)
  const their = await wakeUps([theirs], theirArrivals, serial =>
    dovecot.deliver(user, [filledMail(serial)]),
  )
  theirs.close()

  const sender = await Sender.open(mailcatch.smtp)
  const arrive = (serial: number) =>
    sender.send(dataOf(filledMail(serial)), 'shop@example.com', 'ann@example.org')
  const ours = await opened(mailcatch.imap, user)
  const our = (await wakeUps([ours], arrivals, arrive)).flat()
  ours.close()
  yield [
    'IDLE, 250 to EXISTS: p50, p99',
    `${p(their.flat(), 0.5)}, ${p(their.flat(), 0.99)} ms`,
    `${p(our, 0.5)}, ${p(our, 0.99)} ms`,
    '',
    '',
  ]

  const before = mailcatch.rss()
  const crowd: ImapClient[] = []
  for (let count = 0; count < idlers; count++) crowd.push(await opened(mailcatch.imap, user))
  const waits = await wakeUps(crowd, crowdArrivals, arrive)
  const grown = (mailcatch.rss() - before) / 1e6
  for (const client of crowd) client.close()
  sender.close()
  const all = waits.map(each => Math.max(...each))
  const name = `IDLE, ${idlers} clients`
  const flat = waits.flat()
  yield [`${name}, 250 to EXISTS: p50, p99`, '', `${p(flat, 0.5)}, ${p(flat, 0.99)} ms`, '', '']
  yield [`${name}, until all are told: p50, most`, '', `${p(all, 0.5)}, ${p(all, 1)} ms`, '', '']
  yield [`${name}, more RSS`, '', `${grown.toFixed(0)} MB`, '', '']
}
