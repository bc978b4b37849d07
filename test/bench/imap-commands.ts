import { setTimeout } from 'node:timers/promises'
import type { MailServer } from '../helpers/mail-server.ts'
import { ImapClient } from './imap-client.ts'
import { percentile } from './latency.ts'
import { type Pinger, startPinger } from './pinger.ts'
import type { Running } from './processes.ts'

const runs = 3
/** One SELECT is too short to be timed, and so are a thousand messages. */
const selects = 50
const messages = 20_000

type Work = {
  readonly name: string
  readonly unit: 'selects/s' | 'messages/s' | 'MB/s' | 'ms'
  /** Where it can be measured only once: what is fetched first is remembered. */
  readonly isOnce?: boolean
  readonly command: (round: number) => string
}

const described = 'FETCH 1:* (ENVELOPE BODYSTRUCTURE INTERNALDATE RFC822.SIZE)'

const works: readonly Work[] = [
  { name: 'SELECT', unit: 'selects/s', command: () => 'SELECT INBOX' },
  { name: 'FETCH 1:* (UID FLAGS)', unit: 'messages/s', command: () => 'FETCH 1:* (UID FLAGS)' },
  { name: `${described}, first`, unit: 'messages/s', isOnce: true, command: () => described },
  { name: `${described}, again`, unit: 'messages/s', command: () => described },
  { name: 'FETCH 1:* BODY.PEEK[]', unit: 'MB/s', command: () => 'FETCH 1:* BODY.PEEK[]' },
  { name: 'SEARCH SUBJECT', unit: 'ms', command: round => `SEARCH SUBJECT "order ${7 + round}7"` },
  {
    name: 'SEARCH BODY',
    unit: 'ms',
    command: round =>
      `SEARCH BODY "${['the blue', 'blue parcel', 'is the blue', 'the blue p'][round]}"`,
  },
  {
    name: 'STORE 1:* ±FLAGS (\\Flagged)',
    unit: 'messages/s',
    command: round => `STORE 1:* ${round % 2 ? '-' : '+'}FLAGS (\\Flagged)`,
  },
]

/** What a command took, in its unit. */
const measure = async (
  client: ImapClient,
  { unit, isOnce, command }: Work,
  round: number,
  count: number,
): Promise<number> => {
  const isAgain = !isOnce && unit !== 'ms'
  const again = unit === 'selects/s' ? selects : Math.ceil(messages / count)
  const times = isAgain ? again : 1
  let octets = 0
  const start = performance.now()
  for (let time = 0; time < times; time++) octets += await client.ask(command(round * times + time))
  const ms = performance.now() - start
  switch (unit) {
    case 'selects/s':
      return (times * 1_000) / ms
    case 'messages/s':
      return (times * count * 1_000) / ms
    case 'MB/s':
      return octets / 1_000 / ms
    case 'ms':
      return ms
  }
}

/** Both must find the same. */
const compare = async (theirs: ImapClient, ours: ImapClient, command: string): Promise<void> => {
  const found = async (client: ImapClient) =>
    /^\* SEARCH([^\r]*)/m.exec(await client.read(command))?.[1]
  const [their, our] = [await found(theirs), await found(ours)]
  if (their !== our || !their) throw new Error(`${command}: Dovecot found${their}, we${our}`)
}

const median = (values: readonly number[]): number => percentile([...values], 0.5)
const shown = (value: number): string => value.toFixed(value < 100 ? 1 : 0)

const heldAtMost = (holds: readonly number[]): string =>
  `${median(holds).toFixed(0)}, ${Math.max(...holds).toFixed(0)}`

async function* rows(
  theirs: ImapClient,
  ours: ImapClient,
  pinger: Pinger,
  count: number,
): AsyncGenerator<string[]> {
  const idle: number[] = []
  for (let run = 0; run < runs; run++) {
    await pinger.longest()
    await setTimeout(500)
    idle.push(await pinger.longest())
  }
  yield ['nothing, as a control', '', '', '', heldAtMost(idle)]
  for (const work of works) {
    const their: number[] = []
    const our: number[] = []
    const holds: number[] = []
    // The first round warms both up.
    for (let round = work.isOnce ? 1 : 0; round <= (work.isOnce ? 1 : runs); round++) {
      const theirFigure = await measure(theirs, work, round, count)
      await pinger.longest()
      const ourFigure = await measure(ours, work, round, count)
      const hold = await pinger.longest()
      if (round === 0) continue
      their.push(theirFigure)
      our.push(ourFigure)
      holds.push(hold)
    }
    if (work.name.startsWith('SEARCH')) await compare(theirs, ours, work.command(1))
    const ratio = median(our) / median(their)
    yield [
      work.name,
      `${shown(median(their))} ${work.unit}`,
      `${shown(median(our))} ${work.unit}`,
      (work.unit === 'ms' ? 1 / ratio : ratio).toFixed(2),
      heldAtMost(holds),
    ]
  }
}

/**
 * The commands that read and change a whole mailbox of `count` messages, in turn with Dovecot: the median of the runs,
 * and as a ratio how many times as fast as Dovecot.
 */
export async function* imapCommands(
  dovecot: MailServer,
  mailcatch: Running,
  user: string,
  count: number,
): AsyncGenerator<string[]> {
  const pinger = await startPinger(mailcatch.imap)
  const clients = [
    await ImapClient.open(dovecot.ports.imap, user),
    await ImapClient.open(mailcatch.imap, user),
  ] as const
  for (const client of clients) {
    const text = await client.read('SELECT INBOX')
    if (!text.includes(`* ${count} EXISTS`)) throw new Error(`not ${count} messages: ${text}`)
  }
  try {
    yield* rows(...clients, pinger, count)
  } finally {
    for (const client of clients) client.close()
    await pinger.stop()
  }
}
